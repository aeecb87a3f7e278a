import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Orchestrator

struct ContainerStoreTests {
    private static let id = String(repeating: "0a", count: 32)

    @Test func `a process of another boot is not mistaken for the container's`() throws {
        try withContainer { store, files in
            var state = ContainerState(status: .running)
            state.pid = CurrentProcess.pid
            state.processStart = try ProcessTable.startTime(of: CurrentProcess.pid)
            try StateFiles(paths: files).write(state)
            let running = try #require(try store.container(Self.id, of: "demo"))
            #expect(running.state.status == .running && !running.hasLeftovers)
            state.boot = "another"
            try JSONFile.write(state, to: files.state)
            let ended = try #require(try store.container(Self.id, of: "demo"))
            #expect(ended.state.status == .exited && ended.state.pid == nil)
            #expect(ended.hasLeftovers)
        }
    }

    @Test func `a state without a boot id, from an older version, is trusted`() throws {
        try withContainer { store, files in
            var state = ContainerState(status: .running)
            state.pid = CurrentProcess.pid
            state.processStart = try ProcessTable.startTime(of: CurrentProcess.pid)
            try JSONFile.write(state, to: files.state)
            #expect(try store.container(Self.id, of: "demo")?.state.status == .running)
        }
    }

    @Test func `the remains of a run without a supervisor are detected`() throws {
        try withContainer { store, _ in
            #expect(try store.container(Self.id, of: "demo")?.hasLeftovers == false)
            try FileSystem.makeDirectories(store.paths.project("demo").spool(Self.id))
            let container = try #require(try store.container(Self.id, of: "demo"))
            #expect(container.hasLeftovers)
            let plan = StopPlanner.remove([container])
            #expect(
                plan.operations.map(\.action)
                    == [.stop(container.planName), .remove(container.planName)]
            )
        }
    }

    @Test func `a container whose removal has begun does not exist`() throws {
        try withContainer { store, files in
            let doomed = files.directory.removingLastComponent().appending(".\(Self.id)")
            try FileSystem.rename(files.directory, to: doomed)
            #expect(try store.containers(of: "demo") == [])
            try store.forget("demo")
            #expect(!FileSystem.exists(store.paths.project("demo").data))
        }
    }

    private func withContainer(_ body: (ContainerStore, ContainerPaths) throws -> Void) throws {
        try withScratchDirectory { directory in
            let paths = DataPaths(
                data: directory.appending("lib"),
                run: directory.appending("run")
            )
            let files = paths.project("demo").container(Self.id)
            try FileSystem.makeDirectories(files.directory)
            let record = try ContainerRecord(test: Self.id, project: "demo", service: "web")
            try JSONFile.write(record, to: files.record)
            try JSONFile.write(RuntimeSpecification(), to: files.specification)
            try body(ContainerStore(paths), files)
        }
    }
}
