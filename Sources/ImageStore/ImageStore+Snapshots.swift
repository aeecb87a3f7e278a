import Archive
import Linux
import OCI
public import SystemPackage

extension ImageStore {
    /// The lower directories of an overlay of the image, topmost first as overlayfs requires;
    /// layers are unpacked as needed.
    ///
    /// Many layers exceed the option length of mount(2); fsconfig(2) with `lowerdir+` has no such
    /// limit. The caller must keep the image in use. `progress` receives the number of bytes of
    /// archives read since its last call.
    public func lowerDirectories(
        of image: Image,
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws(ImageStoreError) -> [FilePath] {
        try lowerDirectories(of: image.layers, progress: progress)
    }

    /// The lower directories of a stack of layers, topmost first.
    public func lowerDirectories(
        of layers: [Layer],
        progress: @escaping (Int64) -> Void = { _ in }
    ) throws(ImageStoreError) -> [FilePath] {
        let hold = try hold()
        try unpack(layers.filter { !isUnpacked($0.chainID) }, progress)
        var directories: [FilePath] = []
        for layer in layers.reversed() {
            directories.append(tree(of: layer.chainID))
            if try repairedSnapshot(of: layer).isOpaque { break }
        }
        _ = consume hold
        return directories
    }

    /// The size of the image's archives that are not unpacked yet, in bytes.
    public func packedSize(of image: Image) -> Int64 {
        image.layers.filter { !isUnpacked($0.chainID) }
            .reduce(0) { $0.addingSaturated($1.descriptor.size) }
    }

    /// The layer of the stack `chain`, if it is unpacked and its archive is stored.
    public func layer(_ chain: ChainID) throws(ImageStoreError) -> Layer? {
        do throws(ImageStoreError) {
            guard let layer = try snapshot(chain)?.layer, try contains(layer.descriptor) else {
                return nil
            }
            return layer
        } catch {
            guard error.isDamage else { throw error }
            return nil
        }
    }

    /// The description of an unpacked layer; written again if it is unreadable.
    private func repairedSnapshot(of layer: Layer) throws(ImageStoreError) -> Snapshot {
        do throws(ImageStoreError) {
            if let snapshot = try snapshot(layer.chainID) { return snapshot }
        } catch {
            guard error.isDamage else { throw error }
        }
        let isOpaque = try during(archive: UnpackedLayer.isOpaque(tree(of: layer.chainID)))
        let snapshot = Snapshot(layer: layer, isOpaque: isOpaque)
        try snapshot.write(into: directory(of: layer.chainID))
        return snapshot
    }

    /// Whether the stack is unpacked.
    public func isUnpacked(_ chain: ChainID) -> Bool { FileSystem.exists(directory(of: chain)) }

    /// The path of the tree of the stack's topmost layer, which need not exist.
    public func tree(of chain: ChainID) -> FilePath {
        directory(of: chain).appending(Snapshot.treeName)
    }

    func directory(of chain: ChainID) -> FilePath { snapshots.appending(chain.digest.hex) }

    func snapshot(_ chain: ChainID) throws(ImageStoreError) -> Snapshot? {
        guard isUnpacked(chain) else { return nil }
        return try Snapshot.read(from: directory(of: chain), of: self)
    }

    /// Unpacks `layers`, flushing all to disk before any of them gets its name.
    private func unpack(
        _ layers: [Layer],
        _ progress: @escaping (Int64) -> Void
    ) throws(ImageStoreError) {
        guard !layers.isEmpty else { return }
        var finished: [(scratch: FilePath, chain: ChainID)] = []
        do throws(ImageStoreError) {
            for layer in layers {
                finished.append((try unpack(layer, progress), layer.chainID))
            }
            try publish(finished)
        } catch {
            for (scratch, _) in finished { discard(scratch) }
            throw error
        }
    }

    /// Unpacks a layer to a scratch directory and verifies its digest.
    private func unpack(
        _ layer: Layer,
        _ progress: @escaping (Int64) -> Void
    ) throws(ImageStoreError) -> FilePath {
        let scratch = try makeSnapshotScratch()
        do throws(ImageStoreError) {
            let tree = scratch.appending(Snapshot.treeName)
            try during(system: FileSystem.makeDirectory(tree))
            let source = try source(ofBlob: layer.descriptor.digest)
                .observed { progress(Int64($0.count)) }
            let (diffID, isOpaque) = try unpack(source, into: tree)
            guard diffID == layer.diffID else {
                try discard(blob: layer.descriptor.digest)
                let problem = ImageStoreError.Problem.digestMismatch(
                    expected: layer.diffID,
                    actual: diffID
                )
                throw ImageStoreError(problem, in: "layer \(layer.descriptor.digest)")
            }
            try Snapshot(layer: layer, isOpaque: isOpaque).write(into: scratch)
            return scratch
        } catch {
            discard(scratch)
            if case .archive = error.problem { try verify(layer.descriptor) }
            throw error
        }
    }

    /// Unpacks a layer's archive; returns the digest of the uncompressed archive.
    func unpack(
        _ source: ByteSource,
        into tree: FilePath
    ) throws(ImageStoreError) -> (diffID: Digest, isOpaque: Bool) {
        var hash = ContentHash()
        let isOpaque = try unpack(source, into: tree) { hash.update($0) }
        return (hash.digest, isOpaque)
    }

    /// Unpacks a layer's archive, showing the uncompressed archive to `observer`; returns whether
    /// the layer hides all those below it.
    func unpack(
        _ source: ByteSource,
        into tree: FilePath,
        observer: @escaping TarWriter.Sink
    ) throws(ImageStoreError) -> Bool {
        let reader = try during(archive: TarReader(source, observer: observer))
        let options = ExtractionOptions(whiteouts: .overlay)
        try during(archive: reader.extract(into: tree, options: options))
        return try during(archive: UnpackedLayer.isOpaque(tree))
    }

    func makeSnapshotScratch() throws(ImageStoreError) -> FilePath {
        let scratch = scratchName(in: snapshotsScratch)
        try during(system: FileSystem.makeDirectory(scratch, mode: 0o700))
        return scratch
    }

    /// Flushes finished snapshots to disk and gives them their names.
    ///
    /// One syncfs(2) for all files costs hundreds of times less than an fsync(2) for each.
    func publish(_ finished: [(scratch: FilePath, chain: ChainID)]) throws(ImageStoreError) {
        let snapshots = snapshots
        try during(system: FileSystem.synchronizeAll(holding: snapshots))
        for (scratch, chain) in finished { try move(scratch, to: chain) }
        try during(system: FileSystem.synchronize(directory: snapshots))
    }

    private func move(_ scratch: FilePath, to chain: ChainID) throws(ImageStoreError) {
        let target = directory(of: chain)
        do throws(SystemCallError) {
            try FileSystem.rename(scratch, to: target)
        } catch  where error.reason == .directoryNotEmpty || error.reason == .fileExists {
            // Another process has unpacked the same content first.
            discard(scratch)
        } catch {
            throw ImageStoreError(.system(error), in: "snapshot \(chain)")
        }
    }

    /// Removes a scratch directory; on failure it is removed when the store is next opened.
    func discard(_ scratch: FilePath) { try? FileSystem.removeTree(scratch) }
}
