import ContainerNetwork
import Linux
import Testing

/// A container as the network sees it: a network namespace and a name.
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

/// Waits for what the kernel does in its own time and tells nobody of; fails after ten seconds.
func waitUntil(_ condition: () throws -> Bool) throws {
    let start = ContinuousClock.now
    while try !condition() {
        try #require(ContinuousClock.now - start < .seconds(10))
    }
}
