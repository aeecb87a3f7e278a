import Linux
import OCI
import SystemPackage
import Testing

@testable import Orchestrator

/// Containers that are killed or cannot be killed.
@Suite(.enabled(if: SupervisorFixture.obstacle == nil, "needs busybox and namespaces"))
struct HardEndTests {
    @Test func `an OOM kill without a supervisor is recorded by the next one`() async throws {
        try await SupervisorFixture.with { fixture in
            let script = "read word; x=a; while true; do x=$x$x; done"
            let record = try fixture.make("eater", script) { $0.keepsInputOpen = true }
            try fixture.limitMemory(of: record, to: 16 << 20)
            try await fixture.start(record)
            let before = Timestamp.now
            let process = try ProcessHandle(pid: try #require(try fixture.state(record).pid))
            try await fixture.withoutSupervisor {
                try fixture.input(record).write(Array("go\n".utf8))
                let number = process.descriptor.number
                try await BackgroundThread.run { _ = try Readiness.wait(for: [number]) }
            }
            let events = try await fixture.client.events(since: before)
            _ = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            #expect(try fixture.state(record).wasKilledForMemory)
        }
    }

    @Test(.enabled(if: Freezer.exists, "only the version 1 freezer blocks SIGKILL"))
    func `a process that survives SIGKILL is reported and watched until its end`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("stuck", "exec sleep 1000")
            try await fixture.start(record)
            let pid = try #require(try fixture.state(record).pid)
            let events = try await fixture.client.events()
            let freezer = try Freezer(called: fixture.project)
            let outcome = await Result {
                try await freezer.freeze(pid)
                let error = await #expect(throws: SupervisorError.self) {
                    try await fixture.stop(record, grace: .zero)
                }
                let message = error?.description ?? ""
                #expect(message.contains("did not exit within 10s of SIGKILL"), "\(message)")
                #expect(message.contains("process \(pid) (sleep, "), "\(message)")
                #expect(try fixture.state(record).status == .running)
            }
            try freezer.thaw()
            let died = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            try freezer.remove()
            try outcome.get()
            #expect(died?.kind == .died(exitCode: 137, restartsIn: nil))
            #expect(try fixture.state(record).status == .exited)
        }
    }
}

/// A version 1 freezer group outside the container's own groups, so that no stop thaws it.
private struct Freezer {
    private static let tree = FilePath("/sys/fs/cgroup/freezer")
    static let exists = FileSystem.exists(tree.appending("cgroup.procs"))

    private let directory: FilePath
    private var state: FilePath { directory.appending("freezer.state") }

    init(called name: String) throws {
        directory = Self.tree.appending(name)
        try FileSystem.makeDirectories(directory)
    }

    func freeze(_ pid: Int32) async throws {
        try FileSystem.write("\(pid)", into: directory.appending("cgroup.procs"))
        try FileSystem.write("FROZEN", into: state)
        while try FileSystem.readText(state) != "FROZEN\n" { await Task.yield() }
    }

    func thaw() throws { try FileSystem.write("THAWED", into: state) }

    func remove() throws { try FileSystem.removeDirectory(directory) }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

extension SupervisorFixture {
    fileprivate func limitMemory(of record: ContainerRecord, to limit: Int64) throws {
        let path = files.container(record.id).specification
        var specification = try JSONFile.read(RuntimeSpecification.self, from: path)
        var resources = RuntimeSpecification.Resources()
        resources.memory = .init()
        resources.memory?.limit = limit
        resources.memory?.swap = limit
        specification.linux?.resources = resources
        try JSONFile.write(specification, to: path)
    }
}
