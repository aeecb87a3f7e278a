import Addresses
import ContainerNetwork
import Linux
import Testing

@Suite(.enabled(if: mayChangeNetworks, "needs root to make network namespaces"))
struct PortPublishingTests {
    private let port = PortMapping(hostPort: 5353, containerPort: 53, protocol: .udp)

    @Test func `a published port is reachable at every address except loopback`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            try host.store.create(NetworkSpecification(name: "two"))
            let (web, near, far) = (
                try Container("web"), try Container("near"), try Container("far")
            )
            let endpoint = try web.attach(to: "one", of: host.store)
            _ = try near.attach(to: "one", of: host.store)
            _ = try far.attach(to: "two", of: host.store)
            try host.store.publish([port], to: endpoint)
            let inbox = try receiver(in: web.namespace, port: 53)
            try send("world", to: .v4(Host.address), 5353, from: host.world)
            let fromWorld = try #require(try next(inbox))
            #expect(fromWorld.text == "world" && fromWorld.sender == .v4(Host.worldAddress))
            try send("host", to: .v4(Host.address), 5353, from: host.namespace)
            #expect(try next(inbox)?.text == "host")
            try send("other network", to: .v4(Host.address), 5353, from: far.namespace)
            #expect(try next(inbox)?.text == "other network")
            // The reply would not be recognised if it did not return through the host.
            try send("same network", to: .v4(Host.address), 5353, from: near.namespace)
            let fromNear = try #require(try next(inbox))
            #expect(fromNear.text == "same network" && fromNear.sender == endpoint.ipv4Gateway)
            try send("itself", to: .v4(Host.address), 5353, from: web.namespace)
            #expect(try next(inbox)?.text == "itself")
        }
    }

    @Test func `a port published at one address is unreachable at another`() throws {
        try withHost { host in
            let network = try host.store.create(NetworkSpecification(name: "one"))
            let web = try Container("web")
            let endpoint = try web.attach(to: "one", of: host.store)
            var here = port
            here.hostIP = .v4(Host.address)
            try host.store.publish([here], to: endpoint)
            let inbox = try receiver(in: web.namespace, port: 53)
            let gateway = try #require(network.ipv4?.gateway)
            try send("elsewhere", to: gateway, 5353, from: host.world)
            try send("here", to: .v4(Host.address), 5353, from: host.world)
            #expect(try next(inbox)?.text == "here")
        }
    }

    @Test func `a port is no longer published after its container was detached`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            let web = try Container("web")
            let endpoint = try web.attach(to: "one", of: host.store)
            try host.store.publish([port], to: endpoint)
            try host.store.publish([port], to: endpoint)
            #expect(try NFTables.run("list ruleset").contains("5353"))
            try host.store.detach(endpoint)
            try host.store.detach(endpoint)
            #expect(try !NFTables.run("list ruleset").contains("5353"))
        }
    }

    @Test func `a port of a container that exited unnoticed is free for the next one`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            do {
                let old = try Container("old")
                let endpoint = try old.attach(to: "one", of: host.store)
                try host.store.publish([port], to: endpoint)
            }
            try waitUntil { try RouteSocket().links().allSatisfy { !$0.name.hasPrefix("sv-") } }
            let new = try Container("new")
            let endpoint = try new.attach(to: "one", of: host.store)
            #expect(endpoint.ipv4?.description == "172.17.0.3")
            try host.store.publish([port], to: endpoint)
            #expect(try NFTables.run("list ruleset").contains("udp . 5353 : 172.17.0.3 . 53"))
        }
    }

    @Test func `a sender that never pauses reaches the container that takes over its port`() throws
    {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one"))
            let (old, new) = (try Container("old"), try Container("new"))
            let first = try old.attach(to: "one", of: host.store)
            let second = try new.attach(to: "one", of: host.store)
            let before = try receiver(in: old.namespace, port: 53)
            let after = try receiver(in: new.namespace, port: 53)
            let sender = try NetworkNamespace.inside(host.world) {
                () throws(SystemCallError) -> Socket in
                try .datagrams(to: socket(.v4(Host.address), 5353))
            }
            try host.store.publish([port], to: first)
            try sender.send("one".utf8)
            #expect(try next(before)?.text == "one")
            try host.store.abandon(first)
            try host.store.publish([port], to: second)
            try sender.send("two".utf8)
            #expect(try next(after)?.text == "two")
        }
    }

    @Test func `an internal network publishes nothing`() throws {
        try withHost { host in
            try host.store.create(NetworkSpecification(name: "one", isInternal: true))
            let web = try Container("web")
            let endpoint = try web.attach(to: "one", of: host.store)
            try host.store.publish([port], to: endpoint)
            #expect(try !NFTables.run("list ruleset").contains("5353"))
        }
    }
}
