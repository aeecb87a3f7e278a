import ContainerNetwork
import Linux

/// The network services of one supervisor, which its containers share.
final class NetworkServices {
    let store: NetworkStore
    let forwarder: PortForwarder
    let names: NameService

    init(_ store: NetworkStore, _ containers: ContainerStore, project: String, loop: EventLoop) {
        self.store = store
        forwarder = PortForwarder(loop: loop)
        names = NameService(store, DeclaredNames(containers, project: project), loop: loop)
    }
}
