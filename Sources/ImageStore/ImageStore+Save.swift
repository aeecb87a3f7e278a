public import Archive
import Linux
import OCI
import SystemPackage

extension ImageStore {
    /// Writes images as a tar archive: an OCI layout with docker's `manifest.json`, so that `docker
    /// load`, `podman load` and `skopeo copy oci-archive:` can read it.
    ///
    /// Equal images give equal bytes.
    public func save(
        _ images: [TaggedImage],
        to sink: @escaping TarWriter.Sink
    ) throws(ImageStoreError) {
        let hold = try hold()
        let contents = SavedContents(images)
        let documents = [
            ("index.json", try during(document: contents.index.json())),
            ("manifest.json", try during(document: contents.dockerManifest.json())),
            ("oci-layout", Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)),
        ]
        let writer = try during(archive: TarWriter(name: "archive", sink: sink))
        for directory: FilePath in ["blobs", "blobs/sha256"] {
            let entry = TarEntry(path: directory, kind: .directory, mode: 0o755)
            try during(archive: writer.add(entry))
        }
        for digest in contents.blobs { try add(digest, to: writer) }
        for (name, bytes) in documents {
            try during(archive: writer.add(FilePath(name), contents: bytes))
        }
        try during(archive: writer.finish())
        _ = consume hold
    }

    private func add(_ digest: Digest, to writer: TarWriter) throws(ImageStoreError) {
        let path = path(ofBlob: digest)
        let source = try source(ofBlob: digest)
        let size = try during(system: FileSystem.status(of: path).size)
        let entry = TarEntry(
            path: FilePath(SavedContents.path(of: digest)),
            kind: .file(size: size)
        )
        try during(archive: writer.add(entry, content: source))
    }
}

/// The contents of an archive of images.
private struct SavedContents {
    var blobs: [Digest] = []
    var index = ImageIndex()
    var dockerManifest = DockerManifest(entries: [])

    init(_ images: [TaggedImage]) {
        var seen: Set<Digest> = []
        for tagged in images {
            let image = tagged.image
            let digests = [image.manifest.digest, image.id] + image.layers.map(\.descriptor.digest)
            blobs += digests.filter { seen.insert($0).inserted }
            var entry = image.manifest
            entry.platform = image.platform
            if let reference = tagged.reference {
                entry.annotations[AnnotationKey.containerdImageName] = reference.description
                entry.annotations[AnnotationKey.referenceName] = reference.tag
            }
            index.manifests.append(entry)
            addDocker(tagged)
        }
        blobs.sort { $0.hex < $1.hex }
    }

    static func path(of digest: Digest) -> String { "blobs/sha256/\(digest.hex)" }

    private mutating func addDocker(_ tagged: TaggedImage) {
        let config = Self.path(of: tagged.image.id)
        let names = tagged.reference.map { [$0.familiar] } ?? []
        if let same = dockerManifest.entries.firstIndex(where: { $0.config == config }) {
            dockerManifest.entries[same].repoTags =
                (dockerManifest.entries[same].repoTags ?? []) + names
            return
        }
        dockerManifest.entries.append(
            DockerManifestEntry(
                config: config,
                repoTags: names,
                layers: tagged.image.layers.map { Self.path(of: $0.descriptor.digest) }
            )
        )
    }
}
