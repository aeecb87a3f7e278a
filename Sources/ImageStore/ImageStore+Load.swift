public import Archive
import Linux
public import OCI
public import SystemPackage

extension ImageStore {
    /// Loads all images from an archive: a tarred OCI layout or the output of `docker save`,
    /// compressed or not; the source may be a pipe.
    ///
    /// Of a multi-platform image, the one for `platform` is loaded. Images untagged in the archive
    /// remain untagged.
    public func load(
        _ source: ByteSource,
        platform: Platform = .host
    ) throws(ImageStoreError) -> [TaggedImage] {
        let hold = try hold()
        let content = ArchiveContent(store: self)
        let reader = try during(archive: TarReader(source))
        while let entry = try during(archive: reader.next()) {
            try content.take(entry, from: reader)
        }
        let images = try load(content, name: source.name, platform)
        _ = consume hold
        return images
    }

    /// Loads all images from the OCI layout in a directory.
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

    /// The manifest `entry`, or the best match for the platform if it is an index.
    private func resolve(
        _ entry: ContentDescriptor,
        from content: some LoadedContent,
        name: String,
        _ platform: Platform
    ) throws(ImageStoreError) -> ContentDescriptor? {
        guard entry.mediaType.isIndex else { return entry.mediaType.isManifest ? entry : nil }
        try content.provide(entry)
        let bytes = try document(entry.digest)
        let index = try during(document: ImageIndex(json: bytes, name: name))
        // Archives often contain only one of the platforms in their index.
        let present = index.manifests.filter { content.has($0.digest) }
        return ImageIndex(manifests: present).manifest(for: platform) ?? present.first
    }

    /// Adds the manifest and its content to the store and the index.
    private func adopt(
        _ manifest: ContentDescriptor,
        from content: some LoadedContent,
        name: String
    ) throws(ImageStoreError) -> Image {
        try content.provide(manifest)
        let bytes = try document(manifest.digest)
        let parsed = try during(document: ImageManifest(json: bytes, name: name))
        try content.provide(parsed.config)
        for layer in parsed.layers { try content.provide(layer) }
        var entry = manifest
        entry.annotations = [:]
        let image = try image(of: entry)
        try register(entry)
        return image
    }

    /// Adds the names in docker's own document of an archive.
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

    /// Creates an image from the format of older docker versions: a configuration and plain layers.
    private func load(
        _ entry: DockerManifestEntry,
        from content: some LoadedContent,
        name: String
    ) throws(ImageStoreError) -> [TaggedImage] {
        let config = try content.descriptor(of: entry.config, mediaType: .configuration)
        let bytes = try document(config.digest)
        let configuration = try during(document: ImageConfiguration(json: bytes, name: name))
        var layers: [ContentDescriptor] = []
        for path in entry.layers {
            layers.append(try content.descriptor(of: path, mediaType: .layer))
        }
        let document = ImageManifest(config: config, layers: layers)
        var manifest = try add(during(document: document.json()), mediaType: .manifest)
        manifest.platform = configuration.platform
        let image = try image(of: manifest)
        try register(manifest)
        let references = entry.references
        guard !references.isEmpty else { return [TaggedImage(reference: nil, image: image)] }
        return references.map { TaggedImage(reference: $0, image: image) }
    }
}

extension ContentDescriptor {
    /// The image's full name in an archive; a bare tag does not count.
    fileprivate var archiveReference: ImageReference? {
        let names = [AnnotationKey.containerdImageName, AnnotationKey.referenceName]
        for name in names.compactMap({ annotations[$0] })
        where name.contains(where: { ":/".contains($0) }) {
            // Some tools write free text here; the image is then untagged.
            if let reference = try? ImageReference(name) { return reference }
        }
        return nil
    }
}
