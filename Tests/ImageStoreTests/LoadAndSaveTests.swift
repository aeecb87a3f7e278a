import Archive
import Linux
import OCI
import SystemPackage
import Testing

@testable import ImageStore

@Suite(needsRoot)
struct LoadAndSaveTests {
    @Test func `a saved archive is reproducible and loaded with its names`() throws {
        try withStore { fixture in
            let (first, second) = (
                try fixture.image("app:1"), try fixture.image("db:2", content: "2")
            )
            try fixture.store.tag(first, as: ImageReference("ghcr.io/me/app:1"))
            let bytes = try save(fixture.store)
            #expect(try save(fixture.store) == bytes)
            try withStore { other in
                let loaded = try other.store.load(ByteSource(bytes: bytes, name: "archive"))
                #expect(Set(loaded.map(\.image.id)) == [first.id, second.id])
                let names = try other.store.images().compactMap(\.reference?.familiar)
                #expect(names == ["app:1", "db:2", "ghcr.io/me/app:1"])
                #expect(try FileSystem.entries(of: other.store.imagesScratch) == [])
                let tree = try other.store.lowerDirectories(of: second)[0]
                #expect(try FileSystem.readText(tree.appending("etc/name")) == "2")
            }
        }
    }

    @Test func `archives of older docker versions are loaded`() throws {
        try withStore { fixture in
            let image = try fixture.image("app")
            let layer = try FileSystem.read(
                fixture.store.path(ofBlob: image.layers[0].descriptor.digest)
            )
            let config = try fixture.store.document(image.id)
            let manifest = """
                [{"Config":"\(image.id.hex).json","RepoTags":["old/app:1"],"Layers":["b/layer.tar"]}]
                """
            let bytes = try archive { writer throws(ArchiveError) in
                try writer.add("a/layer.tar", contents: layer)
                let link = TarEntry.Kind.symbolicLink(target: "../a/layer.tar")
                try writer.add(TarEntry(path: "b/layer.tar", kind: link))
                try writer.add(FilePath("\(image.id.hex).json"), contents: config)
                try writer.add("manifest.json", contents: Array(manifest.utf8))
            }
            try withStore { other in
                let loaded = try other.store.load(ByteSource(bytes: bytes, name: "archive"))
                #expect(loaded.map(\.reference?.familiar) == ["old/app:1"])
                #expect(loaded[0].image.id == image.id)
            }
        }
    }

    @Test(arguments: [
        ("readme", "hello", "contains no image"),
        ("index.json", "{}", "'schemaVersion' is missing"),
        ("index.json", #"{"schemaVersion":2,"manifests":[]}"#, "contains no image"),
        ("manifest.json", #"[{"Config":"../../etc/passwd","Layers":[]}]"#, "passwd"),
        ("manifest.json", "[]", "contains no image"),
        ("blobs/sha256/" + String(repeating: "0", count: 64), "wrong", "digest mismatch"),
        ("blobs/sha256/../../x", "wrong", "contains no image"),
    ])
    func `an invalid archive is refused without leftovers`(
        file: String,
        content: String,
        reason: String
    ) throws {
        try withStore { fixture in
            let bytes = try archive { writer throws(ArchiveError) in
                try writer.add(FilePath(file), contents: Array(content.utf8))
            }
            let error = #expect(throws: ImageStoreError.self) {
                _ = try fixture.store.load(ByteSource(bytes: bytes, name: "archive"))
            }
            #expect(error?.description.contains(reason) == true, "\(error as Any)")
            let images = try fixture.store.images()
            let leftovers = try FileSystem.entries(of: fixture.store.imagesScratch)
            #expect(images.isEmpty && leftovers.isEmpty)
        }
    }

    @Test(arguments: [Int64.max, 1, 0])
    func `a manifest with a false layer size is refused`(size: Int64) throws {
        try withStore { fixture in
            let image = try fixture.image("app")
            var layer = image.layers[0].descriptor
            let content = try FileSystem.read(fixture.store.path(ofBlob: layer.digest))
            let config = ContentDescriptor(
                mediaType: .configuration,
                digest: image.id,
                size: Int64(try fixture.store.document(image.id).count)
            )
            layer.size = size
            let manifest = try ImageManifest(config: config, layers: [layer]).json()
            let entry = ContentDescriptor(
                mediaType: .manifest,
                digest: .sha256(of: manifest),
                size: Int64(manifest.count)
            )
            let index = try ImageIndex(manifests: [entry]).json()
            let documents = [try fixture.store.document(image.id), content, manifest]
            let bytes = try archive { writer throws(ArchiveError) in
                for document in documents {
                    let name = "blobs/sha256/\(Digest.sha256(of: document).hex)"
                    try writer.add(FilePath(name), contents: document)
                }
                try writer.add("index.json", contents: index)
            }
            try withStore { other in
                let error = #expect(throws: ImageStoreError.self) {
                    _ = try other.store.load(ByteSource(bytes: bytes, name: "archive"))
                }
                let expected = ImageStoreError(
                    .sizeMismatch(expected: size, actual: Int64(content.count)),
                    in: "\(Digest.sha256(of: content))"
                )
                #expect(error == expected)
                let images = try other.store.images()
                #expect(images.isEmpty)
            }
        }
    }

    @Test func `the size of an image does not overflow`() throws {
        let digest = Digest.sha256(of: [])
        let blob = ContentDescriptor(mediaType: .layer, digest: digest, size: .max)
        let layer = Layer(descriptor: blob, diffID: digest, over: nil)
        let image = Image(
            id: digest,
            manifest: blob,
            configuration: ImageConfiguration(),
            layers: [layer, layer]
        )
        #expect(image.size == .max)
    }

    @Test(.enabled(if: isInstalled("skopeo"), "skopeo is not installed"))
    func `skopeo reads the store and its archives, and its archives are loaded`() throws {
        try withStore { fixture in
            let image = try fixture.image("app:1")
            let layout = fixture.store.layout
            try shell("skopeo inspect 'oci:\(layout):docker.io/library/app:1'")
            let tar = fixture.root.appending("app.tar")
            let saved = try save(fixture.store)
            try AtomicFile.write(saved, to: tar)
            try shell(
                "skopeo inspect 'oci-archive:\(tar)' && skopeo inspect 'docker-archive:\(tar)'"
            )
            for target in ["oci-archive", "docker-archive"] {
                let copy = fixture.root.appending("\(target).tar")
                try shell(
                    "skopeo copy --insecure-policy 'oci:\(layout):docker.io/library/app:1' "
                        + "'\(target):\(copy):example.org/app:2'"
                )
                try withStore { other in
                    let loaded = try other.store.load(ByteSource(file: copy))
                    #expect(loaded.map(\.reference?.familiar) == ["example.org/app:2"])
                    let directories = try other.store.lowerDirectories(of: loaded[0].image)
                    #expect(
                        try FileSystem.readText(directories[0].appending("etc/name")) == "hello"
                    )
                    #expect(loaded[0].image.chain == image.chain)
                }
            }
            try withStore { other in
                let loaded = try other.store.load(layout: layout)
                #expect(loaded.map(\.reference?.familiar) == ["app:1"])
                #expect(loaded[0].image.id == image.id)
            }
        }
    }

    @Test func `a root file system becomes an image of one layer`() throws {
        try withStore { fixture in
            let bytes = try archive { writer throws(ArchiveError) in
                try writer.add(TarEntry(path: "./bin", kind: .directory, mode: 0o755))
                try writer.add("./bin/sh", contents: [1, 2, 3])
            }
            var configuration = ImageConfiguration()
            configuration.config.cmd = ["sh"]
            let image = try fixture.store.importRootfs(
                ByteSource(bytes: bytes, name: "rootfs"),
                as: ImageReference("base"),
                configuration: configuration
            )
            #expect(try fixture.store.image(ImageReference("base")) == image)
            #expect(image.configuration.diffIDs == [.sha256(of: bytes)])
            let tree = try fixture.store.lowerDirectories(of: image)[0]
            #expect(try FileSystem.read(tree.appending("bin/sh")) == [1, 2, 3])
        }
    }

    private func save(_ store: ImageStore) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try store.save(store.images()) { bytes += $0 }
        return bytes
    }

    private func archive(
        _ fill: (TarWriter) throws(ArchiveError) -> Void
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        let writer = try TarWriter(name: "test") { bytes += $0 }
        try fill(writer)
        try writer.finish()
        return bytes
    }
}
