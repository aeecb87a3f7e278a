public import Archive
import Linux
public import OCI
public import SystemPackage

extension ImageStore {
    /// Takes every image out of an archive: an OCI layout in a tar, or what `docker save` writes,
    /// compressed or not; also from a pipe.
    ///
    /// Of an image for several platforms the one for `platform` is taken. Images without a name in
    /// the archive get none.
    public func load(
        _ source: ByteSource,
        platform: Platform = .host
    ) throws(ImageStoreError) -> [TaggedImage] {
        let hold = try hold()
        let content = ArchiveContent(store: self)
        let reader = try wrapping(archive: { () throws(ArchiveError) in try TarReader(source) })
        while let entry = try wrapping(archive: reader.next) {
            try content.take(entry, from: reader)
        }
        let images = try load(content, name: source.name, platform)
        _ = consume hold
        return images
    }

    /// Takes every image out of the OCI layout in a directory.
    public func load(
        layout directory: FilePath,
        platform: Platform = .host
    ) throws(ImageStoreError) -> [TaggedImage] {
        let hold = try hold()
        let content = DirectoryContent(store: self, directory: directory)
        let images = try load(content, name: directory.string, platform)
        _ = consume hold
        return images
    }

    private func load(
        _ content: some LoadedContent,
        name: String,
        _ platform: Platform
    ) throws(ImageStoreError) -> [TaggedImage] {
        let docker = try content.dockerManifest()
        var images: [TaggedImage]
        if let index = try content.index() {
            images = try load(index, from: content, name: name, platform)
            nameByDocker(&images, docker)
        } else {
            images = []
            for entry in docker { images += try load(entry, from: content, name: name) }
        }
        guard !images.isEmpty else { throw ImageStoreError(.noImage, in: name) }
        for tagged in images {
            if let reference = tagged.reference { try tag(tagged.image, as: reference) }
        }
        return images
    }

    private func load(
        _ index: ImageIndex,
        from content: some LoadedContent,
        name: String,
        _ platform: Platform
    ) throws(ImageStoreError) -> [TaggedImage] {
        var images: [TaggedImage] = []
        for entry in index.manifests {
            let isAttestation = entry.annotations[AnnotationKey.dockerReferenceType] != nil
            guard !isAttestation,
                let manifest = try resolve(entry, from: content, name: name, platform)
            else { continue }
            let image = try adopt(manifest, from: content, name: name)
            images.append(TaggedImage(reference: entry.archiveReference, image: image))
        }
        return images
    }

    /// The manifest that `entry` is, or that fits the platform best in the index that it is.
    private func resolve(
        _ entry: ContentDescriptor,
        from content: some LoadedContent,
        name: String,
        _ platform: Platform
    ) throws(ImageStoreError) -> ContentDescriptor? {
        guard entry.mediaType.isIndex else { return entry.mediaType.isManifest ? entry : nil }
        try content.provide(entry)
        let bytes = try document(entry.digest)
        let index = try wrapping(document: { () throws(OCIError) in
            try ImageIndex(json: bytes, name: name)
        })
        // Archives are often made of one platform only, though their index names more.
        let present = index.manifests.filter { content.has($0.digest) }
        return ImageIndex(manifests: present).manifest(for: platform) ?? present.first
    }

    /// Brings the manifest and all it names into the store and the index.
    private func adopt(
        _ manifest: ContentDescriptor,
        from content: some LoadedContent,
        name: String
    ) throws(ImageStoreError) -> Image {
        try content.provide(manifest)
        let bytes = try document(manifest.digest)
        let parsed = try wrapping(document: { () throws(OCIError) in
            try ImageManifest(json: bytes, name: name)
        })
        try content.provide(parsed.config)
        for layer in parsed.layers { try content.provide(layer) }
        var entry = manifest
        entry.annotations = [:]
        let image = try image(of: entry)
        try register(entry)
        return image
    }

    /// Archives of docker name their images in a document of their own.
    private func nameByDocker(_ images: inout [TaggedImage], _ docker: [DockerManifestEntry]) {
        for entry in docker {
            guard let position = images.firstIndex(where: { entry.isConfigured(by: $0.image.id) })
            else { continue }
            let named = images[position]
            let names = entry.references.filter { name in
                !images.contains { $0.reference == name }
            }
            if named.reference == nil, let first = names.first {
                images[position].reference = first
            }
            for name in names.dropFirst(named.reference == nil ? 1 : 0) {
                images.append(TaggedImage(reference: name, image: named.image))
            }
        }
    }

    /// Makes an image of what older versions of docker save: a configuration and plain layers.
    private func load(
        _ entry: DockerManifestEntry,
        from content: some LoadedContent,
        name: String
    ) throws(ImageStoreError) -> [TaggedImage] {
        let config = try content.descriptor(of: entry.config, mediaType: .configuration)
        let bytes = try document(config.digest)
        let configuration = try wrapping(document: { () throws(OCIError) in
            try ImageConfiguration(json: bytes, name: name)
        })
        var layers: [ContentDescriptor] = []
        for path in entry.layers {
            layers.append(try content.descriptor(of: path, mediaType: .layer))
        }
        let document = ImageManifest(config: config, layers: layers)
        var manifest = try add(wrapping(document: document.json), mediaType: .manifest)
        manifest.platform = configuration.platform
        let image = try image(of: manifest)
        try register(manifest)
        let references = entry.references
        guard !references.isEmpty else { return [TaggedImage(reference: nil, image: image)] }
        return references.map { TaggedImage(reference: $0, image: image) }
    }
}

extension ContentDescriptor {
    /// The image's name in an archive: the full one if there is one; a bare tag is no name.
    fileprivate var archiveReference: ImageReference? {
        let names = [AnnotationKey.containerdImageName, AnnotationKey.referenceName]
        for name in names.compactMap({ annotations[$0] })
        where name.contains(where: { ":/".contains($0) }) {
            // Some tools write free text here; the image is then loaded without a name.
            if let reference = try? ImageReference(name) { return reference }
        }
        return nil
    }
}
