import Archive
import Linux
import OCI
import SystemPackage
import Testing

@testable import ImageStore

@Suite(needsRoot)
struct ImageStoreTests {
    @Test func `a committed image is found by each of its names`() throws {
        try withStore { fixture in
            let (store, image) = (fixture.store, try fixture.image("app:1"))
            #expect(try store.image(ImageReference("docker.io/library/app:1")) == image)
            #expect(try store.image(ImageReference("app:2")) == nil)
            #expect(try store.image(named: image.id.short) == image)
            #expect(try store.image(named: "\(image.id)") == image)
            #expect(try store.image(ImageReference("app@\(image.manifest.digest)")) == image)
            #expect(try store.image(ImageReference(image.id.short)) == image)
            #expect(try store.images().map(\.reference?.familiar) == ["app:1"])
        }
    }

    @Test func `the upper directory becomes the snapshot unchanged`() throws {
        try withStore { fixture in
            let lower = try fixture.layer(["a": "1"])
            let upper = try fixture.layer(["b": "2"], over: lower)
            #expect(upper.chainID == ChainID.chain(of: [lower.diffID, upper.diffID]).last)
            let image = try fixture.store.makeImage(
                configuration: ImageConfiguration(),
                layers: [lower, upper]
            )
            let directories = try fixture.store.lowerDirectories(of: image)
            #expect(directories.count == 2)
            #expect(try FileSystem.readText(directories[0].appending("b")) == "2")
            #expect(try FileSystem.readText(directories[1].appending("a")) == "1")
            #expect(try fixture.store.layer(upper.chainID) == upper)
        }
    }

    @Test func `a missing snapshot is unpacked again from its blob`() throws {
        try withStore { fixture in
            let image = try fixture.image("app")
            let directory = try fixture.store.lowerDirectories(of: image)[0]
            try FileSystem.removeTree(directory.removingLastComponent())
            #expect(try fixture.store.lowerDirectories(of: image) == [directory])
            #expect(try FileSystem.readText(directory.appending("etc/name")) == "hello")
        }
    }

    @Test func `the same content committed twice is one layer`() throws {
        try withStore { fixture in
            let time = Timestamp(seconds: 0)
            var layers: [Layer] = []
            for name in ["one", "two"] {
                let upper = fixture.root.appending(name)
                try FileSystem.makeDirectories(upper.appending("etc"))
                layers.append(
                    try fixture.store.commit(upper: upper, over: nil, latestTime: time)
                )
                #expect(!FileSystem.exists(upper))
            }
            #expect(layers[0] == layers[1])
        }
    }

    @Test func `a moved tag leaves its old image untagged until garbage collection`() throws {
        try withStore { fixture in
            let old = try fixture.image("app", content: "old")
            let new = try fixture.image("app", content: "new")
            #expect(try fixture.store.image(ImageReference("app")) == new)
            #expect(try fixture.store.images().map(\.reference?.familiar) == ["app:latest", nil])
            let report = try fixture.store.collectGarbage(inUse: ContentInUse())
            #expect(report?.images == [old.id])
            #expect(report?.blobs.count == 3)
            #expect(report?.snapshots == old.chain)
            #expect(try fixture.store.images().count == 1)
        }
    }

    @Test func `content in use outlives its last name`() throws {
        try withStore { fixture in
            let image = try fixture.image("app")
            let reference = try ImageReference("app")
            let inUse = ContentInUse(images: [image.id])
            let report = try fixture.store.remove([reference], force: true) { inUse }
            #expect(report.untagged == [reference])
            #expect(try fixture.store.image(id: image.id) == image)
            #expect(try fixture.store.layer(image.chain[0]) != nil)
            let stacks = ContentInUse(stacks: Set(image.chain))
            _ = try fixture.store.collectGarbage(inUse: stacks)
            #expect(try fixture.store.image(id: image.id) == nil)
            #expect(try fixture.store.layer(image.chain[0]) != nil)
            _ = try fixture.store.collectGarbage(inUse: ContentInUse())
            #expect(try fixture.store.layer(image.chain[0]) == nil)
            #expect(try FileSystem.entries(of: fixture.store.blobs) == [])
            #expect(try FileSystem.entries(of: fixture.store.snapshots) == ["tmp"])
        }
    }

    @Test func `the last name of an image that a container uses is kept`() throws {
        try withStore { fixture in
            let store = fixture.store
            let image = try fixture.image("app:1")
            let (first, second) = (try ImageReference("app:1"), try ImageReference("app:2"))
            try store.tag(image, as: second)
            let inUse = ContentInUse(images: [image.id])
            let both = try store.remove([first, second]) { inUse }
            #expect(both.inUse == [first, second] && both.untagged.isEmpty)
            let one = try store.remove([first]) { inUse }
            #expect(one.untagged == [first] && one.inUse.isEmpty)
            let last = try store.remove([second]) { inUse }
            #expect(last.inUse == [second])
            #expect(try store.image(second)?.id == image.id)
            let unused = try store.remove([second]) { ContentInUse() }
            #expect(unused.untagged == [second] && unused.garbage?.images == [image.id])
        }
    }

    @Test func `pruning keeps used images, and counts the space that it frees`() throws {
        try withStore { fixture in
            let store = fixture.store
            let kept = try fixture.image("kept")
            let large = String(repeating: "x", count: 1_000_000)
            let removed = try fixture.image("removed", content: large)
            _ = try store.lowerDirectories(of: removed)
            let before = try FileSystem.diskUsage(of: store.root)
            let report = try store.prune(named: true) { ContentInUse(images: [kept.id]) }
            let after = try FileSystem.diskUsage(of: store.root)
            #expect(report?.images == [removed.id])
            #expect(try store.images().map(\.image.id) == [kept.id])
            // Directories of the store and its index change, too.
            #expect(abs((report?.bytes ?? 0) - (before - after)) < 65_536)
            #expect((report?.bytes ?? 0) >= 1_000_000)
        }
    }

    @Test func `pruning removes no name while a build holds the store`() throws {
        try withStore { fixture in
            _ = try fixture.image("app")
            let hold = try fixture.store.hold()
            #expect(try fixture.store.prune(named: true) { ContentInUse() } == nil)
            #expect(try fixture.store.images().count == 1)
            _ = consume hold
        }
    }

    @Test func `disk usage counts shared content once and reports what is reclaimable`() throws {
        try withStore { fixture in
            let store = fixture.store
            let base = try fixture.layer(["base": String(repeating: "b", count: 500_000)])
            let top = try fixture.layer(["top": String(repeating: "t", count: 300_000)], over: base)
            for (name, layers) in [("one", [base]), ("two", [base, top])] {
                let image = try store.makeImage(
                    configuration: ImageConfiguration(author: name),
                    layers: layers
                )
                try store.tag(image, as: ImageReference(name))
            }
            let used = try #require(try store.image(ImageReference("one")))
            let inUse = ContentInUse(images: [used.id])
            let (images, cache) = try store.diskUsage(containers: inUse, cached: [])
            #expect(images.count == 2 && images.active == 1)
            #expect((800_000..<1_000_000).contains(images.total))
            #expect((300_000..<400_000).contains(images.reclaimable))
            #expect(cache == DiskUsage())
            let report = try store.prune(named: true) { inUse }
            #expect(report?.bytes == images.reclaimable)
            // The index is not part of an image.
            let after = try store.diskUsage(containers: inUse, cached: [])
            #expect(after.images.total == images.total - images.reclaimable)
        }
    }

    @Test
    func `layers that the build cache shares with images are not reclaimable by pruning them`()
        throws
    {
        try withStore { fixture in
            let store = fixture.store
            let layer = try fixture.layer(["file": String(repeating: "b", count: 500_000)])
            let image = try store.makeImage(configuration: ImageConfiguration(), layers: [layer])
            try store.tag(image, as: ImageReference("one"))
            let cached: Set = [layer.chainID]
            let before = try store.diskUsage(containers: ContentInUse(), cached: cached)
            #expect(before.images.total > 500_000)
            #expect(before.images.reclaimable < 100_000)
            let report = try #require(
                try store.prune(named: true) { ContentInUse(stacks: cached) }
            )
            #expect(report.bytes == before.images.reclaimable)
            #expect(report.bytesKept == before.images.total - before.images.reclaimable)
            let after = try store.diskUsage(containers: ContentInUse(), cached: cached)
            #expect(after.images == DiskUsage())
            #expect(after.cache.total == report.bytesKept)
        }
    }

    @Test func `a committed layer is stored compressed beside its snapshot`() throws {
        try withStore { fixture in
            let layer = try fixture.layer(["file": String(repeating: "x", count: 1_000_000)])
            let blob = fixture.store.path(ofBlob: layer.descriptor.digest)
            #expect(layer.descriptor.mediaType == .gzipLayer)
            let size = try FileSystem.status(of: blob).size
            #expect(size < 10_000)
            #expect(layer.descriptor.size == size)
            let image = try fixture.store.makeImage(
                configuration: ImageConfiguration(),
                layers: [layer]
            )
            #expect((1_000_000..<1_010_000).contains(image.size))
            let plain = try ByteSource(file: blob).decompressed().1
            var hash = ContentHash()
            while true {
                let piece = try plain.next()
                if piece.isEmpty { break }
                hash.update(piece)
            }
            #expect(hash.digest == layer.diffID)
        }
    }

    @Test func `nothing is collected while a build holds the store`() throws {
        try withStore { fixture in
            let hold = try fixture.store.hold()
            let layer = try fixture.layer(["a": "1"])
            #expect(try fixture.store.collectGarbage(inUse: ContentInUse()) == nil)
            #expect(try fixture.store.layer(layer.chainID) == layer)
            _ = consume hold
            #expect(try fixture.store.collectGarbage(inUse: ContentInUse()) != nil)
        }
    }

    @Test func `content that does not match its descriptor is refused`() throws {
        try withStore { fixture in
            let good = ContentDescriptor(
                mediaType: .layer,
                digest: .sha256(of: [1, 2, 3]),
                size: 3
            )
            for bytes: [UInt8] in [[], [1, 2], [1, 2, 4], [1, 2, 3, 4]] {
                let error = #expect(throws: ImageStoreError.self) {
                    let writer = try fixture.store.makeBlob(expected: good)
                    try writer.write(bytes)
                    _ = try writer.finish(mediaType: .layer)
                }
                let actual = Digest.sha256(of: bytes)
                let problem: ImageStoreError.Problem =
                    bytes.count == 3
                    ? .digestMismatch(expected: good.digest, actual: actual)
                    : .sizeMismatch(expected: 3, actual: Int64(bytes.count))
                #expect(error?.problem == problem)
            }
            #expect(!fixture.store.contains(good.digest))
            let leftovers = try FileSystem.entries(of: fixture.store.imagesScratch)
            #expect(leftovers.isEmpty)
        }
    }

    @Test func `a damaged document and a damaged layer are detected`() throws {
        try withStore { fixture in
            let image = try fixture.image("app")
            let blob = fixture.store.path(ofBlob: image.layers[0].descriptor.digest)
            try FileSystem.removeTree(
                fixture.store.directory(of: image.layers[0].chainID)
            )
            var bytes = try FileSystem.read(blob)
            bytes[bytes.count / 2] ^= 1
            try AtomicFile.write(bytes, to: blob)
            let layer = #expect(throws: ImageStoreError.self) {
                try fixture.store.lowerDirectories(of: image)
            }
            #expect(layer?.description.contains("digest mismatch") == true, "\(layer as Any)")
            #expect(try FileSystem.entries(of: fixture.store.snapshotsScratch) == [])
            try AtomicFile.write(
                Array("{}".utf8),
                to: fixture.store.path(ofBlob: image.manifest.digest)
            )
            let document = #expect(throws: ImageStoreError.self) {
                try fixture.store.image(ImageReference("app"))
            }
            #expect(
                document?.problem
                    == .digestMismatch(
                        expected: image.manifest.digest,
                        actual: .sha256(of: Array("{}".utf8))
                    )
            )
        }
    }

    @Test func `leftovers of a crash are removed when the store is opened`() throws {
        try withStore { fixture in
            let (store, root) = (fixture.store, fixture.store.root)
            try FileSystem.makeDirectories(store.snapshotsScratch.appending("x/fs/etc"))
            try AtomicFile.write([1], to: store.imagesScratch.appending("y"))
            let hold = try store.hold()
            _ = try ImageStore(root: root)
            #expect(try FileSystem.entries(of: store.imagesScratch) == ["y"])
            _ = consume hold
            _ = try ImageStore(root: root)
            #expect(try FileSystem.entries(of: store.imagesScratch) == [])
            #expect(try FileSystem.entries(of: store.snapshotsScratch) == [])
        }
    }
}
