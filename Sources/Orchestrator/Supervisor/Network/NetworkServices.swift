import ContainerNetwork
import Linux

/// The network services of one supervisor, which its containers share.
final class NetworkServices {
    let store: NetworkStore
    let forwarder: PortForwarder
    let names: NameService
    /// Where connections are reported.
    let journal: HostEventJournal

    init(
        _ store: NetworkStore,
        _ containers: ContainerStore,
        project: String,
        journal: HostEventJournal,
        loop: EventLoop
    ) {
        self.store = store
        self.journal = journal
        forwarder = PortForwarder(loop: loop)
        names = NameService(store, DeclaredNames(containers, project: project), loop: loop)
    }
}
