import ContainerNetwork
import DNS
import Linux
import SystemPackage

/// The network of one step: a namespace on the bridge that all steps share, gone with the step.
///
/// Made, used and closed on the step's own thread.
final class StepNetwork {
    private static let name = "swiftcompose_build"

    /// The namespace, for the program that makes the container.
    let namespace: Descriptor
    /// How the host looks from the step; nil without a bridge.
    let gateway: IPAddress?
    /// The content of the step's `/etc/resolv.conf`.
    let resolvers: ResolverConfiguration
    private let store: NetworkStore
    private let endpoint: Endpoint
    private var names: StepNames?

    init(directory: FilePath, id: String) throws(BuildError) {
        store = NetworkStore(directory: directory)
        do throws(SystemCallError) {
            namespace = try Self.makeNamespace()
        } catch {
            throw BuildError(.system(error))
        }
        do throws(NetworkError) {
            try store.create(NetworkSpecification(name: Self.name))
            endpoint = try store.attach(
                Self.name,
                to: namespace,
                endpoint: EndpointSpecification(containerID: id)
            )
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
        names = try wrapping { () throws(SystemCallError) in
            StepNames(try WakeUp(), try namespace.duplicate())
        }
        try names?.start(id)
    }

    /// Takes the step off the bridge.
    func close() {
        names?.stop.signal()
        // What is left is removed when the network is next tidied.
        try? store.detach(endpoint)
    }

    /// A new namespace, with this thread left where it was.
    private static func makeNamespace() throws(SystemCallError) -> Descriptor {
        let path: FilePath = "/proc/thread-self/ns/net"
        let own = try Descriptor.open(path)
        try Namespaces.network.unshare()
        do {
            let made = try Descriptor.open(path)
            try Namespaces.network.join(own)
            return made
        } catch {
            try Namespaces.network.join(own)
            throw error
        }
    }
}

/// Answers a step's questions for names where the host's own resolver cannot be reached from it.
private final class StepNames: Sendable {
    let stop: WakeUp
    private let namespace: Descriptor

    init(_ stop: consuming WakeUp, _ namespace: consuming Descriptor) {
        self.stop = stop
        self.namespace = namespace
    }

    /// Answers on a thread of its own until `stop` is signalled.
    func start(_ id: String) throws(BuildError) {
        try wrapping { () throws(SystemCallError) in
            try BackgroundThread.start {
                do {
                    let loop = try EventLoop()
                    let server = NameServer(loop: loop) { _, _ in nil }
                    try server.serve(id, in: self.namespace)
                    try loop.watch(self.stop.descriptor.number) { _ in loop.stop() }
                    try loop.run()
                    server.stop(serving: id)
                } catch {
                    // The step finds no names then, and says so itself.
                }
            }
        }
    }
}
