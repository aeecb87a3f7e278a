import Linux
import OCI
import SystemPackage

/// Recovery from unreadable documents, for example after a disk error.
extension ImageStore {
    /// A copy of the index, in case that becomes unreadable.
    private var backup: FilePath { layout.appending("index.backup.json") }

    /// The index; rebuilt first if it is unreadable.
    func readIndex() throws(ImageStoreError) -> ImageIndex {
        if let readable = try readableIndex(at: index) { return readable }
        return try withIndexLocked { () throws(ImageStoreError) in try readLockedIndex() }
    }

    /// As `readIndex`, for a caller that holds the index lock.
    func readLockedIndex() throws(ImageStoreError) -> ImageIndex {
        if let readable = try readableIndex(at: index) { return readable }
        return try rebuildIndex()
    }

    /// Nil if the file is missing or not an index.
    private func readableIndex(at path: FilePath) throws(ImageStoreError) -> ImageIndex? {
        do throws(ImageStoreError) {
            let bytes = try read(path)
            return try during(document: ImageIndex(json: bytes, name: path.string))
        } catch {
            guard error.isDamage else { throw error }
            return nil
        }
    }

    /// Rebuilds the index from its backup and the manifests in the store. The caller holds the
    /// index lock.
    func rebuildIndex() throws(ImageStoreError) -> ImageIndex {
        var entries = try readableIndex(at: backup)?.manifests ?? []
        entries.removeAll { !contains($0.digest) }
        let known = Set(entries.map(\.digest))
        let tagged = entries.filter { $0.reference != nil }.count
        entries += try storedManifests().filter { !known.contains($0.digest) }
        var unreadable: FilePath?
        if FileSystem.exists(index) {
            let kept = layout.appending("index.unreadable.json")
            try during(system: FileSystem.rename(index, to: kept))
            unreadable = kept
        }
        let document = ImageIndex(manifests: entries)
        try write(document)
        if !entries.isEmpty || unreadable != nil {
            let untagged = entries.count - tagged
            onDamage(.index(tagged: tagged, untagged: untagged, unreadable: unreadable))
        }
        return document
    }

    /// Writes the index and its backup. The caller holds the index lock.
    func write(_ document: ImageIndex) throws(ImageStoreError) {
        let bytes = try during(document: document.json())
        let (index, backup, layout) = (index, backup, layout)
        // No other process writes here while the index is locked.
        try during(system: AtomicFile.removeLeftovers(in: layout))
        // The backup first: a change that was cut off is repeated, which removes its leftovers.
        try during(system: AtomicFile.write(bytes, to: backup, flushing: false))
        try during(system: AtomicFile.write(bytes, to: index))
    }

    /// The manifests among the blobs whose configuration and layers are in the store.
    private func storedManifests() throws(ImageStoreError) -> [ContentDescriptor] {
        let blobs = blobs
        var found: [ContentDescriptor] = []
        for name in try during(system: FileSystem.entries(of: blobs)) {
            guard let digest = ChainID(hex: name)?.digest,
                let (bytes, manifest) = try storedManifest(digest),
                try isComplete(manifest),
                let configuration = try configuration(of: manifest)
            else { continue }
            found.append(
                ContentDescriptor(
                    mediaType: manifest.mediaType,
                    digest: digest,
                    size: Int64(bytes.count),
                    platform: configuration.platform
                )
            )
        }
        return found
    }

    /// Nil if the blob is not a manifest.
    private func storedManifest(
        _ digest: Digest
    ) throws(ImageStoreError) -> ([UInt8], ImageManifest)? {
        let path = path(ofBlob: digest)
        let file = try during(system: Descriptor.open(path))
        let size = try during(system: file.status().size)
        // Layers are archives, which do not start as JSON does.
        guard size <= Int64(Self.documentLimit),
            try during(system: file.read(upTo: 1)) == [UInt8(ascii: "{")]
        else { return nil }
        do throws(ImageStoreError) {
            let bytes = try document(digest)
            return (bytes, try during(document: ImageManifest(json: bytes)))
        } catch {
            guard error.isDamage else { throw error }
            return nil
        }
    }

    private func isComplete(_ manifest: ImageManifest) throws(ImageStoreError) -> Bool {
        for blob in [manifest.config] + manifest.layers {
            do throws(ImageStoreError) {
                guard try contains(blob) else { return false }
            } catch {
                guard error.isDamage else { throw error }
                return false
            }
        }
        return true
    }

    private func configuration(
        of manifest: ImageManifest
    ) throws(ImageStoreError) -> ImageConfiguration? {
        do throws(ImageStoreError) {
            let bytes = try document(manifest.config.digest)
            return try during(document: ImageConfiguration(json: bytes))
        } catch {
            guard error.isDamage else { throw error }
            return nil
        }
    }
}

extension ImageStoreError {
    /// Whether stored content is missing or damaged, as opposed to a failed operation.
    var isDamage: Bool {
        switch problem {
        case .document, .digestMismatch, .sizeMismatch, .missingBlob, .layerCount, .tooLong: true
        case .system(let error): error.reason == .noSuchFileOrDirectory
        default: false
        }
    }
}
