import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Orchestrator

struct NameReservationTests {
    @Test func `a name of another project's container cannot be reserved`() throws {
        try withStore { store in
            let record = try add("web", project: "other", to: store)
            #expect(
                throws: OrchestratorError.nameTaken(
                    record.name,
                    project: "other",
                    container: record.id
                )
            ) {
                try store.reserve([record.name, "free"], for: "demo", replacing: [])
            }
            try store.reserve([record.name], for: "other", replacing: [record.id])
        }
    }

    @Test func `a name that another command is creating cannot be reserved`() throws {
        try withStore { store in
            try store.reserve(["same"], for: "first", replacing: [])
            let error = OrchestratorError.nameTaken("same", project: "first", container: nil)
            #expect(throws: error) {
                try store.reserve(["same"], for: "second", replacing: [])
            }
            try store.endReservation(of: "first")
            try store.reserve(["same"], for: "second", replacing: [])
        }
    }

    @Test func `a reservation ends with its process`() throws {
        try withStore { store in
            let stale = NameReservation(
                process: CurrentProcess.pid,
                processStart: 1,
                names: ["same"]
            )
            try FileSystem.makeDirectories(store.paths.reservations)
            try JSONFile.write(stale, to: store.paths.reservations.appending("first"))
            try AtomicFile.write([0], to: store.paths.reservations.appending("garbled"))
            try store.reserve(["same"], for: "second", replacing: [])
        }
    }

    @Test func `a volume is kept while a container of any project mounts it`() throws {
        try withStore { store in
            let volumes = VolumeStore(directory: store.paths.volumes)
            for name in ["owned", "borrowed", "free"] {
                try volumes.create(VolumeRecord(name: name))
            }
            let record = try add("web", project: "other", to: store) { record in
                record.volumes = [VolumeUse(name: "owned", target: "/a", isAnonymous: true)]
                record.mounts = [
                    ContainerDesign.bind(volumes.content(of: "borrowed").string, at: "/b", [])
                ]
            }
            #expect(try store.removeVolume("owned") == [record.id])
            #expect(try store.removeVolume("borrowed") == [record.id])
            #expect(try store.removeVolume("free") == [])
            #expect(try volumes.all().map(\.name) == ["borrowed", "owned"])
            try store.remove(record.id, of: "other")
            try store.removeAnonymousVolumes(of: record)
            #expect(try volumes.all().map(\.name) == ["borrowed"])
        }
    }

    @Test func `a container is not created with a volume that has been removed`() throws {
        try withStore { store in
            var record = try ContainerRecord(test: Self.id, project: "demo", service: "web")
            record.volumes = [VolumeUse(name: "gone", target: "/a", isAnonymous: false)]
            try FileSystem.makeDirectories(store.paths.project("demo").container(Self.id).directory)
            #expect(throws: OrchestratorError.volumeRemoved("gone", container: record.name)) {
                try store.register(record)
            }
            #expect(try store.containers(of: "demo").isEmpty)
        }
    }

    private static let id = String(repeating: "0b", count: 32)

    private func withStore(_ body: (ContainerStore) throws -> Void) throws {
        try withScratchDirectory { directory in
            let paths = DataPaths(
                data: directory.appending("lib"),
                run: directory.appending("run")
            )
            try body(ContainerStore(paths))
        }
    }

    private func add(
        _ service: String,
        project: String,
        to store: ContainerStore,
        _ change: (inout ContainerRecord) -> Void = { _ in }
    ) throws -> ContainerRecord {
        var record = try ContainerRecord(test: Self.id, project: project, service: service)
        change(&record)
        let files = store.paths.project(project).container(record.id)
        try FileSystem.makeDirectories(files.directory)
        try JSONFile.write(record, to: files.record)
        try AtomicFile.write(Array("{\"ociVersion\": \"1.0.2\"}".utf8), to: files.specification)
        return record
    }
}
