import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Orchestrator

struct VolumeSnapshotTests {
    private func withStore(_ body: (VolumeSnapshotStore) throws -> Void) throws {
        try withScratchDirectory { root in
            let volumes = VolumeStore(directory: root.appending("volumes"))
            try volumes.create(VolumeRecord(name: "data"))
            let store = VolumeSnapshotStore(
                directory: root.appending("volume-snapshots"),
                volumes: volumes
            )
            try write("one", store)
            try body(store)
        }
    }

    private func write(_ text: String, _ store: VolumeSnapshotStore) throws {
        let file = store.volumes.content(of: "data").appending("file")
        try AtomicFile.write(Array(text.utf8), to: file)
    }

    private func text(_ store: VolumeSnapshotStore) throws -> String {
        try FileSystem.readText(store.volumes.content(of: "data").appending("file"))
    }

    private func take(
        _ name: String,
        _ store: VolumeSnapshotStore,
        replaces: Bool = false
    ) throws -> VolumeSnapshot {
        try store.take(name, of: "data", replaces: replaces) { _ in }
    }

    @Test func `a restored volume has the content of its snapshot alone`() throws {
        try withStore { store in
            _ = try take("seeded", store)
            try write("two", store)
            let extra = store.volumes.content(of: "data").appending("extra")
            try AtomicFile.write([], to: extra)
            try store.restore("seeded", of: "data") { _ in }
            #expect(try text(store) == "one")
            #expect(!FileSystem.exists(extra))
            let left = try FileSystem.entries(
                of: extra.removingLastComponent()
                    .removingLastComponent()
            )
            #expect(Set(left) == ["_data", "volume.json"])
        }
    }

    @Test func `a snapshot does not change with its volume`() throws {
        try withStore { store in
            _ = try take("seeded", store)
            try write("two", store)
            try store.restore("seeded", of: "data") { _ in }
            try write("three", store)
            try store.restore("seeded", of: "data") { _ in }
            #expect(try text(store) == "one")
        }
    }

    @Test func `an existing snapshot is replaced only on request`() throws {
        try withStore { store in
            _ = try take("seeded", store)
            let error = #expect(throws: OrchestratorError.self) { try take("seeded", store) }
            #expect(error == .snapshotExists("seeded", volume: "data"))
            try write("two", store)
            _ = try take("seeded", store, replaces: true)
            try write("three", store)
            try store.restore("seeded", of: "data") { _ in }
            #expect(try text(store) == "two")
        }
    }

    @Test func `snapshots are listed and removed`() throws {
        try withStore { store in
            _ = try take("first", store)
            _ = try take("second", store)
            #expect(Set(try store.all().map(\.name)) == ["first", "second"])
            #expect(try store.remove("first", of: "data"))
            #expect(try !store.remove("first", of: "data"))
            #expect(try store.all(of: "data").map(\.name) == ["second"])
            #expect(try store.all(of: "other").isEmpty)
        }
    }

    @Test(arguments: ["../x", "", ".hidden"])
    func `a name that is not a file name is rejected`(name: String) throws {
        try withStore { store in
            let error = #expect(throws: OrchestratorError.self) { try take(name, store) }
            #expect(error == .invalidVolumeName(name))
        }
    }

    @Test func `a missing volume or snapshot is reported by name`() throws {
        try withStore { store in
            let missing = #expect(throws: OrchestratorError.self) {
                try store.take("seeded", of: "other", replaces: false) { _ in }
            }
            #expect(missing == .noSuchVolume("other"))
            let unknown = #expect(throws: OrchestratorError.self) {
                try store.restore("seeded", of: "data") { _ in }
            }
            #expect(unknown == .noSuchSnapshot("seeded", volume: "data"))
        }
    }
}
