import Linux
public import OCI
import SystemPackage

extension ImageStore {
    /// All images by name, sorted; untagged images come last, unreadable ones are left out.
    public func images() throws(ImageStoreError) -> [TaggedImage] {
        var tagged: [TaggedImage] = []
        for descriptor in try readIndex().manifests where descriptor.mediaType.isManifest {
            let reference = descriptor.reference
            do throws(ImageStoreError) {
                let image = try image(of: descriptor)
                tagged.append(TaggedImage(reference: reference, image: image))
            } catch {
                guard error.isDamage else { throw error }
                let name = reference?.familiar ?? "\(descriptor.digest)"
                onDamage(.image(name: name, reason: error))
            }
        }
        return tagged.sorted { left, right in
            switch (left.reference, right.reference) {
            case (let left?, let right?): left.description < right.description
            case (_?, nil): true
            case (nil, _?): false
            case (nil, nil): left.image.id.hex < right.image.id.hex
            }
        }
    }

    /// The image with the name `reference`; nil if there is none.
    ///
    /// A reference with a digest matches the manifest, regardless of its tag. A word of hexadecimal
    /// digits that is not a name also matches the image whose ID starts with it.
    public func image(_ reference: ImageReference) throws(ImageStoreError) -> Image? {
        let manifests = try readIndex().manifests
        let found = manifests.first { entry in
            guard let digest = reference.digest else { return entry.reference == reference }
            // An image pulled by the digest of an index has that digest in its name.
            return entry.digest == digest
                && (entry.reference?.name ?? reference.name) == reference.name
                || entry.reference?.digest == digest && entry.reference?.name == reference.name
        }
        if let found { return try image(of: found) }
        guard reference.digest == nil, reference.tag == "latest" else { return nil }
        return try image(idBeginning: reference.familiarName)
    }

    /// The image with the given reference, ID or unique prefix of its ID.
    public func image(named text: String) throws(ImageStoreError) -> Image? {
        let hex = text.hasPrefix("sha256:") ? String(text.dropFirst(7)) : text
        if let image = try image(idBeginning: hex) { return image }
        return try image(during(document: ImageReference(text)))
    }

    /// The image with this ID; nil if there is none.
    public func image(id: Digest) throws(ImageStoreError) -> Image? {
        try image(idBeginning: id.hex)
    }

    /// Names `image` `reference`; another image with that name loses it.
    ///
    /// An image that loses its last name remains untagged until garbage is collected.
    public func tag(
        _ image: Image,
        as reference: ImageReference
    ) throws(ImageStoreError) {
        try changeIndex { entries in
            for index in entries.indices where entries[index].reference == reference {
                entries[index].reference = nil
            }
            var entry = image.manifest
            entry.reference = reference
            entries.append(entry)
        }
    }

    /// Adds an image to the index without a name unless it is already there.
    func register(_ manifest: ContentDescriptor) throws(ImageStoreError) {
        try changeIndex { entries in
            guard !entries.contains(where: { $0.digest == manifest.digest }) else { return }
            entries.append(manifest)
        }
    }

    /// Changes the index under its lock; writes it only if it changed.
    func changeIndex(
        _ change: (inout [ContentDescriptor]) throws(ImageStoreError) -> Void
    ) throws(ImageStoreError) {
        try withIndexLocked { () throws(ImageStoreError) in
            var document = try readLockedIndex()
            let before = document
            try change(&document.manifests)
            let named = Set(document.manifests.filter { $0.reference != nil }.map(\.digest))
            var seen: Set<ContentDescriptor> = []
            document.manifests.removeAll { entry in
                entry.reference == nil && named.contains(entry.digest)
                    || !seen.insert(entry).inserted
            }
            if document != before { try write(document) }
        }
    }

    private func image(idBeginning hex: String) throws(ImageStoreError) -> Image? {
        guard !hex.isEmpty, hex.utf8.count <= 64, hex.allSatisfy(\.isHexDigit) else { return nil }
        var found: [Image] = []
        for tagged in try images()
        where tagged.image.id.hex.hasPrefix(hex) || tagged.image.manifest.digest.hex == hex {
            if !found.contains(where: { $0.id == tagged.image.id }) { found.append(tagged.image) }
        }
        guard found.count <= 1 else {
            throw ImageStoreError(.ambiguous(found.map(\.id)), in: hex)
        }
        return found.first
    }

    /// Reads the manifest and configuration of an entry of the index.
    func image(of manifest: ContentDescriptor) throws(ImageStoreError) -> Image {
        let name = manifest.reference?.familiar ?? "\(manifest.digest)"
        let document = try read(ImageManifest.self, manifest.digest, name: name)
        let configuration = try read(ImageConfiguration.self, document.config.digest, name: name)
        guard document.layers.count == configuration.diffIDs.count else {
            let problem = ImageStoreError.Problem.layerCount(
                manifest: document.layers.count,
                configuration: configuration.diffIDs.count
            )
            throw ImageStoreError(problem, in: name)
        }
        var layers: [Layer] = []
        for (descriptor, diffID) in zip(document.layers, configuration.diffIDs) {
            let parent = layers.last?.chainID
            layers.append(Layer(descriptor: descriptor, diffID: diffID, over: parent))
        }
        var bare = manifest
        bare.reference = nil
        return Image(
            id: document.config.digest,
            manifest: bare,
            configuration: configuration,
            layers: layers
        )
    }

    private func read<Document: JSONDocument>(
        _ type: Document.Type,
        _ digest: Digest,
        name: String
    ) throws(ImageStoreError) -> Document {
        let bytes = try document(digest)
        return try during(document: Document(json: bytes, name: name))
    }
}

extension ContentDescriptor {
    /// The full name of this manifest in an index.
    var reference: ImageReference? {
        get {
            // Another tool may have used a name that is not a reference.
            annotations[AnnotationKey.referenceName].flatMap { try? ImageReference($0) }
        }
        set {
            annotations[AnnotationKey.referenceName] = newValue?.description
            annotations[AnnotationKey.containerdImageName] = newValue?.description
        }
    }
}
