import ContainerNetwork
import Linux
import Testing

@Suite(.enabled(if: mayChangeNetworks, "needs root to make network namespaces"))
struct EndpointWatcherTests {
    @Test func `endpoints of other processes are reported with their names`() throws {
        try withHost { host in
            let network = NetworkSpecification(name: "one")
            try host.store.create(network)
            _ = try Container("a").attach(to: "one", of: host.store)
            let changes = try Changes()
            let watcher = try EndpointWatcher(host.store, loop: changes.loop) {
                changes.add($0, $1)
            }
            try watcher.watch("one")
            let other = NetworkStore(directory: host.directory)
            let b = try Container("b")
            let specification = EndpointSpecification(containerID: "b", names: ["web-1", "web"])
            let endpoint = try other.attach("one", to: b.namespace, endpoint: specification)
            #expect(try changes.next() == ["b"])
            let endpoints = try host.store.endpoints(of: "one", excluding: ["a"])
            #expect(endpoints.map(\.names) == [["web-1", "web"]])
            try other.abandon(endpoint)
            #expect(try changes.next() == ["b"])
            #expect(try host.store.endpoints(of: "one", excluding: ["a"]).isEmpty)
        }
    }
}

/// The containers reported on network `one`.
private final class Changes {
    let loop: EventLoop
    private var containers: Set<String>?

    init() throws { loop = try EventLoop() }

    func add(_ network: String, _ changed: Set<String>?) {
        #expect(network == "one")
        containers = changed
        loop.stop()
    }

    /// Waits for the next report; nil after ten seconds.
    func next() throws -> Set<String>? {
        containers = nil
        let timer = loop.after(.seconds(10)) { self.loop.stop() }
        try loop.run()
        loop.cancel(timer)
        return containers
    }
}
