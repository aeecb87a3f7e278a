import ContainerNetwork
import Linux
import Testing

/// The parts of a container that networks use: an id and a network namespace.
final class Container {
    let id: String
    let namespace: Descriptor

    init(_ id: String) throws {
        self.id = id
        namespace = try NetworkNamespace.make()
    }

    func attach(to network: String, of store: NetworkStore) throws -> Endpoint {
        try store.attach(
            network,
            to: namespace,
            endpoint: EndpointSpecification(containerID: id)
        )
    }
}

/// Waits for something that the kernel does without notification; fails after ten seconds.
func waitUntil(_ condition: () throws -> Bool) throws {
    let start = ContinuousClock.now
    while try !condition() {
        try #require(ContinuousClock.now - start < .seconds(10))
    }
}
