import ContainerNetwork
import Linux

/// The network services of one supervisor, which its containers share.
final class NetworkServices {
    let store: NetworkStore
    let forwarder: PortForwarder
    private(set) lazy var nameServer = NameServer(loop: loop) { [unowned self] lookup, container in
        answer(lookup, container)
    }
    /// Answers a container's question from the zone of its networks; nil for other names.
    var answer: (NameLookup, _ container: String) -> NameAnswer? = { _, _ in nil }
    private let loop: EventLoop

    init(_ store: NetworkStore, loop: EventLoop) {
        self.store = store
        self.loop = loop
        forwarder = PortForwarder(loop: loop)
    }
}
