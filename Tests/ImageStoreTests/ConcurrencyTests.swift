import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import ImageStore

@Suite(needsRoot)
struct ConcurrencyTests {
    @Test func `images can be built, tagged and unpacked during garbage collection`() async throws {
        try await withScratchDirectory(in: "/var/tmp") { root in
            try await withThrowingTaskGroup { group in
                for worker in 0..<4 {
                    group.addTask { try work(worker, in: root) }
                }
                group.addTask {
                    // Each opens the store again, as another process would.
                    for _ in 0..<20 {
                        let store = try ImageStore(root: root.appending("data"))
                        _ = try store.collectGarbage(inUse: ContentInUse())
                    }
                }
                try await group.waitForAll()
            }
            let store = try ImageStore(root: root.appending("data"))
            // Untagged images remained while the store was held.
            _ = try store.collectGarbage(inUse: ContentInUse())
            let images = try store.images()
            #expect(images.count == 4)
            for tagged in images {
                let tree = try store.lowerDirectories(of: tagged.image)[0]
                #expect(FileSystem.exists(tree.appending("file")))
            }
            #expect(try FileSystem.entries(of: store.imagesScratch) == [])
        }
    }

    /// Creates several images in turn under one name.
    private func work(_ worker: Int, in root: FilePath) throws {
        let reference = try ImageReference("app:\(worker)")
        for round in 0..<6 {
            let store = try ImageStore(root: root.appending("data"))
            let hold = try store.hold()
            let upper = root.appending("upper-\(worker)-\(round)")
            try FileSystem.makeDirectories(upper)
            // Two workers each write the same content and race for its names.
            try AtomicFile.write([UInt8(worker / 2), UInt8(round)], to: upper.appending("file"))
            let time = Timestamp(seconds: 0)
            let layer = try store.commit(upper: upper, over: nil, latestTime: time)
            let image = try store.makeImage(configuration: ImageConfiguration(), layers: [layer])
            try store.tag(image, as: reference)
            _ = consume hold
            _ = try store.lowerDirectories(of: image)
        }
    }
}
