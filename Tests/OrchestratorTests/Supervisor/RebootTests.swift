import ContainerNetwork
import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

@testable import Orchestrator

/// Taking over after a reboot: the files describe processes and networks that no longer exist.
@Suite(.enabled(if: SupervisorFixture.obstacle == nil, "needs busybox and namespaces"))
struct RebootTests {
    @Test(arguments: [
        (RestartRule.never, false, false), (.always, false, true), (.unlessStopped, false, true),
        (.onFailure(limit: 3), false, true), (.always, true, true), (.unlessStopped, true, false),
    ])
    func `a container is restarted according to its rule`(
        rule: RestartRule,
        isStopped: Bool,
        restarts: Bool
    ) async throws {
        try await SupervisorFixture.with { fixture in
            let network = "\(fixture.project)_net"
            try fixture.networks.create(.init(name: network))
            let record = try fixture.make("web", "echo run; sleep 1000", networks: [network]) {
                $0.restart = rule
            }
            try await fixture.start(record)
            if isStopped { try await fixture.stop(record) }
            try await fixture.reboot(record)
            let store = ContainerStore(fixture.paths)
            let seen = try store.container(record.id, of: fixture.project)
            #expect(seen?.state.status == .exited)
            // Any command starts a supervisor.
            _ = try await fixture.client.events()
            if restarts {
                let other = Timestamp(seconds: 0)
                let events = try await fixture.client.events(since: other)
                var starts = 0
                for await event in events where event.kind == .started {
                    starts += 1
                    if starts == 2 { break }
                }
                #expect(try fixture.state(record).status == .running)
                #expect(try fixture.state(record).boot == ProcessTable.bootID)
            } else {
                #expect(try fixture.state(record).status == .exited)
                #expect(try fixture.networks.endpoints(of: network).isEmpty)
            }
        }
    }
}

extension SupervisorFixture {
    /// Kills all processes, removes volatile files and marks the state as that of another boot.
    fileprivate func reboot(_ record: ContainerRecord) async throws {
        try FileSystem.makeDirectories(files.run)
        try await withoutSupervisor {
            let group = Cgroup("/\(project)/\(record.id)", in: try .discover())
            try group.killAll()
            try group.remove()
            try FileSystem.removeTree(files.run)
            var state = try state(record)
            state.boot = "before"
            try JSONFile.write(state, to: files.container(record.id).state)
        }
    }
}
