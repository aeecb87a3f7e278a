import Linux
import SystemPackage
import Testing

@testable import Orchestrator

@Suite(.enabled(if: SupervisorFixture.obstacle == nil, "needs busybox and namespaces"))
struct FullDiskStateTests {
    @Test func `on a full disk states stay true and a restart waits for space`() async throws {
        try await SupervisorFixture.with(diskSize: "16m") { fixture in
            let stopping = try fixture.make("stopping", ending(with: 3, on: "TERM"))
            let restarting = try fixture.make("restarting", ending(with: 1, on: "USR1")) {
                $0.restart = .always
            }
            let late = try fixture.make("late", "sleep 1000")
            for record in [stopping, restarting] {
                try await fixture.start(record)
                try await fixture.waitForLine("ready", of: record)
            }
            let supervisor = try fixture.supervisorPID()
            let events = try await fixture.client.events()
            let ballast = try fillDisk(fixture.root)

            let refusal = await #expect(throws: SupervisorError.self) {
                try await fixture.start(late)
            }
            #expect(refusal?.description.contains("No space left on device") == true)
            try await fixture.stop(stopping)
            #expect(try fixture.state(stopping).status == .exited)
            #expect(try fixture.state(stopping).exitCode == 3)
            try await fixture.client.request(.kill(container: restarting.id, signal: .user1))
            _ = await fixture.event(in: events) {
                if case .startFailed = $0 { true } else { false }
            }
            try await fixture.waitForState(of: restarting) { $0.status == .restarting }

            try FileSystem.removeFile(ballast)
            _ = await fixture.event(in: events) { $0 == .started }
            try await fixture.waitForState(of: restarting) { $0.status == .running }
            try await fixture.start(late)
            #expect(try fixture.state(late).status == .running)
            #expect(try fixture.supervisorPID() == supervisor)
        }
    }

    @Test func `down removes a project on a full disk`() async throws {
        try await SupervisorFixture.with(diskSize: "16m") { fixture in
            let record = try fixture.make("web", "sleep 1000")
            try await fixture.start(record)
            let change = try fixture.change()
            _ = try fillDisk(fixture.root)
            #expect(try await change.down(.init()))
            #expect(!FileSystem.exists(fixture.files.container(record.id).directory))
        }
    }

    /// A script that exits with `code` when it receives a signal, after it has written `ready`.
    private func ending(with code: Int, on signal: String) -> String {
        "trap 'exit \(code)' \(signal); echo ready; while true; do sleep 0.05; done"
    }

    /// Fills the disk that holds `directory` to the last byte; returns the file to remove.
    private func fillDisk(_ directory: FilePath) throws -> FilePath {
        let path = directory.appending("ballast")
        let file = try Descriptor.open(path, [.writing, .creating])
        while true {
            do throws(SystemCallError) {
                try file.write([UInt8](repeating: 1, count: 4096))
            } catch {
                guard error.reason == .noSpace else { throw error }
                return path
            }
        }
    }
}
