import Addresses
import ContainerNetwork
import Linux
import SystemPackage

/// The network of one step: a namespace on the bridge that all steps share, gone with the step.
///
/// The bridge goes with the last build that uses it.
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

    /// Removes the bridge unless another build uses it.
    static func removeBridge(in directory: FilePath) {
        // One in use is somebody's; what fails otherwise is tried again by the next build.
        _ = try? NetworkStore(directory: directory).remove(name)
    }

    /// Attaches to the bridge, made when missing; another build may remove it in between.
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
