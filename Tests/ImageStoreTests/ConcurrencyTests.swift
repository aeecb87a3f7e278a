import Linux
import OCI
import SystemPackage
import Testing

@testable import ImageStore

@Suite(needsRoot)
struct ConcurrencyTests {
    @Test func `many build, tag and unpack while one collects garbage`() async throws {
        let root = FilePath("/var/tmp/store-tests-\(UInt64.random(in: .min ... .max))")
        try FileSystem.makeDirectories(root)
        try await withThrowingTaskGroup { group in
            for worker in 0..<4 {
                group.addTask { try work(worker, in: root) }
            }
            group.addTask {
                // Each opens the store anew, as another process would.
                for _ in 0..<20 {
                    let store = try ImageStore(root: root.appending("data"))
                    _ = try store.collectGarbage(inUse: ContentInUse())
                }
            }
            try await group.waitForAll()
        }
        let store = try ImageStore(root: root.appending("data"))
        // While somebody held the store, images that had lost their name stayed.
        _ = try store.collectGarbage(inUse: ContentInUse())
        let images = try store.images()
        #expect(images.count == 4)
        for tagged in images {
            let tree = try store.lowerDirectories(of: tagged.image)[0]
            #expect(FileSystem.exists(tree.appending("file")))
        }
        #expect(try FileSystem.entries(of: store.imagesScratch) == [])
        try FileSystem.removeTree(root)
    }

    /// Makes one image after the other under one name.
    private func work(_ worker: Int, in root: FilePath) throws {
        let reference = try ImageReference("app:\(worker)")
        for round in 0..<6 {
            let store = try ImageStore(root: root.appending("data"))
            let hold = try store.hold()
            let upper = root.appending("upper-\(worker)-\(round)")
            try FileSystem.makeDirectories(upper)
            // Half of the content is the same for two workers, who then race for its names.
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
