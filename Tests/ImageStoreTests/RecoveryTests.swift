import Linux
import OCI
import Synchronization
import SystemPackage
import Testing

@testable import ImageStore

/// Unreadable documents of the store.
@Suite(needsRoot)
struct RecoveryTests {
    /// The ways in which a file is damaged; nil removes it.
    private static let damages: [[UInt8]?] = [
        nil, [], Array("{".utf8), Array("null".utf8), Array("{}".utf8),
        [UInt8](repeating: 0, count: 512), Array("[1,2".utf8),
    ]

    @Test(arguments: damages)
    func `an unreadable index is restored from its backup`(content: [UInt8]?) throws {
        try withStore { fixture in
            let image = try fixture.image("app:1")
            try fixture.store.tag(image, as: ImageReference("app:2"))
            try damage(fixture.store.index, content)
            let damages = Mutex<[StoreDamage]>([])
            let store = try ImageStore(root: fixture.store.root) { damage in
                damages.withLock { $0.append(damage) }
            }
            #expect(try store.images().map(\.reference?.familiar) == ["app:1", "app:2"])
            let unreadable = content.map { _ in store.layout.appending("index.unreadable.json") }
            let expected = StoreDamage.index(tagged: 2, untagged: 0, unreadable: unreadable)
            #expect(damages.withLock { $0 } == [expected])
            if let unreadable { #expect(try FileSystem.read(unreadable) == content) }
            _ = try ImageStore(root: store.root).images()
            #expect(damages.withLock { $0.count } == 1)
        }
    }

    @Test(arguments: damages)
    func `without a backup, images are found untagged by their manifests`(content: [UInt8]?) throws
    {
        try withStore { fixture in
            let image = try fixture.image("app:1")
            let layout = fixture.store.layout
            try damage(layout.appending("index.json"), content)
            try damage(layout.appending("index.backup.json"), content)
            let store = try ImageStore(root: fixture.store.root)
            let images = try store.images()
            #expect(images.map(\.image.id) == [image.id])
            #expect(images.map(\.reference) == [nil])
            try store.tag(images[0].image, as: ImageReference("app:1"))
            #expect(try store.image(ImageReference("app:1"))?.id == image.id)
        }
    }

    @Test func `an unreadable image does not hide others, and is collected once untagged`() throws {
        try withStore { fixture in
            let (good, bad) = (try fixture.image("good"), try fixture.image("bad", content: "2"))
            let manifest = fixture.store.path(ofBlob: bad.manifest.digest)
            try AtomicFile.write(Array("{}".utf8), to: manifest)
            #expect(try fixture.store.images().map(\.image.id) == [good.id])
            _ = try fixture.store.collectGarbage(inUse: ContentInUse())
            #expect(try fixture.store.images().map(\.image.id) == [good.id])
            #expect(try fixture.store.untag(ImageReference("bad")))
            let report = try fixture.store.collectGarbage(inUse: ContentInUse())
            #expect(report != nil)
            let index = try fixture.store.readIndex()
            #expect(index.manifests.count == 1)
        }
    }

    @Test func `a damaged blob is removed, so that it can be fetched again`() throws {
        try withStore { fixture in
            let image = try fixture.image("app")
            let config = fixture.store.path(ofBlob: image.id)
            let bytes = try FileSystem.read(config)
            try AtomicFile.write(bytes.map { $0 ^ 1 }, to: config)
            let damaged = Digest.sha256(of: bytes.map { $0 ^ 1 })
            let error = #expect(throws: ImageStoreError.self) {
                try fixture.store.document(image.id)
            }
            #expect(error?.problem == .digestMismatch(expected: image.id, actual: damaged))
            #expect(!fixture.store.contains(image.id))
            _ = try fixture.store.add(bytes, mediaType: .configuration)
            #expect(try fixture.store.document(image.id) == bytes)
        }
    }

    @Test(arguments: damages)
    func `an unreadable description of a snapshot is written again`(content: [UInt8]?) throws {
        try withStore { fixture in
            let image = try fixture.image("app")
            let store = fixture.store
            let expected = try store.lowerDirectories(of: image)
            let chain = image.layers[0].chainID
            try damage(store.directory(of: chain).appending("layer.json"), content)
            #expect(try store.layer(chain) == nil)
            #expect(try store.lowerDirectories(of: image) == expected)
            #expect(try store.layer(chain) == image.layers[0])
            let inUse = ContentInUse(stacks: [chain])
            _ = try store.collectGarbage(inUse: inUse)
            #expect(try store.lowerDirectories(of: image) == expected)
        }
    }

    private func damage(_ path: FilePath, _ content: [UInt8]?) throws {
        guard let content else { return try FileSystem.removeFile(path) }
        try AtomicFile.write(content, to: path)
    }
}
