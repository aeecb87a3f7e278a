import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Orchestrator

struct VolumeStoreTests {
    @Test func `a volume is filled once, with owner and mode`() throws {
        try withScratchDirectory { directory in
            let store = VolumeStore(directory: directory)
            try store.create(VolumeRecord(name: "data"))
            for text in ["first", "second"] {
                try store.fill("data") { target in
                    try AtomicFile.write(Array(text.utf8), to: target.appending("file"))
                    try FileSystem.setMode(of: target, to: 0o700)
                    return true
                }
            }
            let content = store.content(of: "data")
            #expect(try FileSystem.readText(content.appending("file")) == "first")
            #expect(try FileSystem.status(of: content).mode & 0o777 == 0o700)
            #expect(
                try FileSystem.entries(of: directory.appending("data")).sorted()
                    == ["_data", "fill.lock", "volume.json"]
            )
        }
    }

    @Test(arguments: ["../../victim", "..", ".", "", "a/b", ".lock"])
    func `no name leads out of the directory`(name: String) throws {
        try withScratchDirectory { directory in
            let store = VolumeStore(directory: directory.appending("a").appending("b"))
            let invalid = OrchestratorError.invalidVolumeName(name)
            #expect(throws: invalid) { try store.create(VolumeRecord(name: name)) }
            #expect(throws: invalid) { try store.volume(name) }
            #expect(throws: invalid) { try store.remove(name) }
            let created = try FileSystem.entries(of: directory)
            #expect(created.allSatisfy { $0 == "a" }, "\(created)")
        }
    }

    @Test func `an interrupted filling starts over`() throws {
        try withScratchDirectory { directory in
            let store = VolumeStore(directory: directory)
            try store.create(VolumeRecord(name: "data"))
            #expect(throws: Interruption.self) {
                try store.fill("data") { target in
                    try AtomicFile.write([1], to: target.appending("half"))
                    throw Interruption()
                }
            }
            let content = store.content(of: "data")
            #expect(try FileSystem.entries(of: content) == [])
            try store.fill("data") { target in
                try AtomicFile.write([2], to: target.appending("whole"))
                return true
            }
            #expect(try FileSystem.entries(of: content) == ["whole"])
        }
    }

    @Test func `an interrupted move is completed without overwriting files`() throws {
        try withScratchDirectory { directory in
            let store = VolumeStore(directory: directory)
            try store.create(VolumeRecord(name: "data"))
            let (ready, content) = (directory.appending("data/filled"), store.content(of: "data"))
            try FileSystem.makeDirectory(ready)
            for name in ["a", "b"] {
                try AtomicFile.write(Array("image".utf8), to: ready.appending(name))
            }
            try AtomicFile.write(Array("container".utf8), to: content.appending("a"))
            try store.fill("data") { _ in
                Issue.record("copied again")
                return false
            }
            #expect(try FileSystem.readText(content.appending("a")) == "container")
            #expect(try FileSystem.readText(content.appending("b")) == "image")
            #expect(!FileSystem.exists(ready))
        }
    }

    @Test func `an image without the directory leaves the volume unchanged`() throws {
        try withScratchDirectory { directory in
            let store = VolumeStore(directory: directory)
            try store.create(VolumeRecord(name: "data"))
            try FileSystem.setMode(of: store.content(of: "data"), to: 0o711)
            try store.fill("data") { _ in false }
            #expect(try FileSystem.status(of: store.content(of: "data")).mode & 0o777 == 0o711)
        }
    }

    @Test func `empty directories without a record and interrupted removals are garbage`() throws {
        try withScratchDirectory { directory in
            let store = VolumeStore(directory: directory)
            for name in ["whole", "gone"] { try store.create(VolumeRecord(name: name)) }
            try AtomicFile.write([1], to: store.content(of: "gone").appending("file"))
            try store.remove("gone")
            try FileSystem.makeDirectories(directory.appending("unfinished/_data"))
            try FileSystem.makeDirectories(directory.appending(".gone.1~old/_data/deep"))
            try FileSystem.makeDirectories(directory.appending("foreign/_data/precious"))
            #expect(try store.all().map(\.name) == ["whole"])
            try store.collectGarbage()
            let left = try FileSystem.entries(of: directory).sorted()
            #expect(left == [".lock", "foreign", "whole"])
        }
    }

    private struct Interruption: Error {}
}
