import Addresses
import ContainerNetwork
import Linux
import SystemPackage

/// The network of one step: a namespace attached to a bridge that all steps share.
///
/// The namespace is removed with the step, the bridge with the last build that uses it. Made, used
/// and closed on the step's own thread.
final class StepNetwork {
    private static let name = "swiftcompose_build"

    /// The namespace, which the program that runs the container joins.
    let namespace: Descriptor
    /// The address of the host as seen from the step; nil without IPv4.
    let gateway: IPAddress?
    /// The content of the step's `/etc/resolv.conf`.
    let resolvers: ResolverConfiguration
    private let store: NetworkStore
    private let endpoint: Endpoint
    private var names: StepNames?

    init(directory: FilePath, id: String) throws(BuildError) {
        store = NetworkStore(directory: directory)
        do throws(SystemCallError) {
            namespace = try NetworkNamespace.make()
        } catch {
            throw BuildError(.system(error))
        }
        do throws(NetworkError) {
            endpoint = try Self.attach(namespace, to: store, id, attempts: 5)
        } catch {
            throw BuildError(.network("\(error)"))
        }
        gateway = endpoint.ipv4Gateway
        let host = ResolverConfiguration.ofHost()
        guard host.nameServers.contains(where: \.isLoopback) || host.nameServers.isEmpty else {
            resolvers = host
            return
        }
        resolvers = .forContainer(host: host)
        names = try BuildError.during { () throws(SystemCallError) in
            StepNames(try WakeUp(), try namespace.duplicate())
        }
        try names?.start(id)
    }

    /// Detaches the step from the bridge.
    func close() {
        names?.stop.signal()
        // The next attachment to the network removes what this cannot.
        try? store.detach(endpoint)
    }

    /// Removes the bridge unless another build uses it.
    static func removeBridge(in directory: FilePath) {
        // A bridge in use belongs to another build; the next build retries any other failure.
        _ = try? NetworkStore(directory: directory).remove(name)
    }

    /// Attaches to the bridge and creates it if necessary; another build may remove it in between.
    private static func attach(
        _ namespace: borrowing Descriptor,
        to store: NetworkStore,
        _ id: String,
        attempts: Int
    ) throws(NetworkError) -> Endpoint {
        try store.create(NetworkSpecification(name: name))
        do throws(NetworkError) {
            return try store.attach(
                name,
                to: namespace,
                endpoint: EndpointSpecification(containerID: id)
            )
        } catch .noSuchNetwork where attempts > 1 {
            return try attach(namespace, to: store, id, attempts: attempts - 1)
        }
    }
}

/// A name server for a step that cannot reach the host's resolver.
private final class StepNames: Sendable {
    let stop: WakeUp
    private let namespace: Descriptor

    init(_ stop: consuming WakeUp, _ namespace: consuming Descriptor) {
        self.stop = stop
        self.namespace = namespace
    }

    /// Answers queries on a thread of its own until `stop` is signalled.
    func start(_ id: String) throws(BuildError) {
        try BuildError.during { () throws(SystemCallError) in
            try BackgroundThread.start {
                do {
                    let loop = try EventLoop()
                    let server = NameServer(loop: loop) { _, _ in nil }
                    try server.serve(id, in: self.namespace)
                    try loop.watch(self.stop.descriptor.number) { _ in loop.stop() }
                    try loop.run()
                    server.stop(serving: id)
                } catch {
                    // Name resolution then fails in the step, whose program reports it.
                }
            }
        }
    }
}
