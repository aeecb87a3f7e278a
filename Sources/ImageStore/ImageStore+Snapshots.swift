import Archive
import Linux
import OCI
public import SystemPackage

extension ImageStore {
    /// The trees that an overlay of the image is stacked from, topmost first, as overlayfs wants
    /// them; layers that are not unpacked yet are unpacked.
    ///
    /// Many layers make a longer option than the classic mount(2) takes; fsconfig(2) with
    /// `lowerdir+` knows no such limit. Whoever mounts them keeps the image in use.
    public func lowerDirectories(of image: Image) throws(ImageStoreError) -> [FilePath] {
        try lowerDirectories(of: image.layers)
    }

    /// The trees of a stack of layers, topmost first.
    public func lowerDirectories(of layers: [Layer]) throws(ImageStoreError) -> [FilePath] {
        let hold = try hold()
        try unpack(layers.filter { !isUnpacked($0.chainID) })
        var directories: [FilePath] = []
        for layer in layers.reversed() {
            directories.append(tree(of: layer.chainID))
            if try snapshot(layer.chainID)?.isOpaque == true { break }
        }
        _ = consume hold
        return directories
    }

    /// The layer whose stack is `chain`, if it is unpacked here and its archive is kept.
    public func layer(_ chain: ChainID) throws(ImageStoreError) -> Layer? {
        guard let layer = try snapshot(chain)?.layer, contains(layer.descriptor.digest) else {
            return nil
        }
        return layer
    }

    /// Whether the stack is unpacked here.
    public func isUnpacked(_ chain: ChainID) -> Bool { FileSystem.exists(directory(of: chain)) }

    /// Where the tree of the stack's topmost layer is, or will be.
    public func tree(of chain: ChainID) -> FilePath {
        directory(of: chain).appending(Snapshot.treeName)
    }

    func directory(of chain: ChainID) -> FilePath { snapshots.appending(chain.digest.hex) }

    func snapshot(_ chain: ChainID) throws(ImageStoreError) -> Snapshot? {
        guard isUnpacked(chain) else { return nil }
        return try Snapshot.read(from: directory(of: chain), of: self)
    }

    /// Unpacks `layers`, all on disk before any of them gets its name.
    private func unpack(_ layers: [Layer]) throws(ImageStoreError) {
        guard !layers.isEmpty else { return }
        var finished: [(scratch: FilePath, chain: ChainID)] = []
        do throws(ImageStoreError) {
            for layer in layers {
                finished.append((try unpack(layer), layer.chainID))
            }
            try publish(finished)
        } catch {
            for (scratch, _) in finished { discard(scratch) }
            throw error
        }
    }

    /// Unpacks one layer into a scratch directory and verifies what it was made from.
    private func unpack(_ layer: Layer) throws(ImageStoreError) -> FilePath {
        let scratch = try makeSnapshotScratch()
        do throws(ImageStoreError) {
            let tree = scratch.appending(Snapshot.treeName)
            try wrapping(system: { () throws(SystemCallError) in
                try FileSystem.makeDirectory(tree)
            })
            let source = try source(ofBlob: layer.descriptor.digest)
            let (diffID, isOpaque) = try unpack(source, into: tree)
            guard diffID == layer.diffID else {
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
            throw error
        }
    }

    /// Unpacks a layer's archive and tells its digest without compression.
    func unpack(
        _ source: ByteSource,
        into tree: FilePath
    ) throws(ImageStoreError) -> (diffID: Digest, isOpaque: Bool) {
        var hash = ContentHash()
        return try wrapping(archive: { () throws(ArchiveError) in
            let reader = try TarReader(source) { hash.update($0) }
            try reader.extract(into: tree, options: ExtractionOptions(whiteouts: .overlay))
            let isOpaque = try UnpackedLayer.isOpaque(tree)
            return (hash.digest, isOpaque)
        })
    }

    func makeSnapshotScratch() throws(ImageStoreError) -> FilePath {
        let scratch = scratchName(in: snapshotsScratch)
        try wrapping(system: { () throws(SystemCallError) in
            try FileSystem.makeDirectory(scratch, mode: 0o700)
        })
        return scratch
    }

    /// Gives finished snapshots their names, once all of them are on disk.
    ///
    /// One syncfs(2) for all their files, where an fsync(2) for each costs hundreds of times more.
    func publish(_ finished: [(scratch: FilePath, chain: ChainID)]) throws(ImageStoreError) {
        let snapshots = snapshots
        try wrapping(system: { () throws(SystemCallError) in
            try FileSystem.synchronizeAll(holding: snapshots)
        })
        for (scratch, chain) in finished { try move(scratch, to: chain) }
        try wrapping(system: { () throws(SystemCallError) in
            try FileSystem.synchronize(directory: snapshots)
        })
    }

    private func move(_ scratch: FilePath, to chain: ChainID) throws(ImageStoreError) {
        let target = directory(of: chain)
        do throws(SystemCallError) {
            try FileSystem.rename(scratch, to: target)
        } catch  where error.reason == .directoryNotEmpty || error.reason == .fileExists {
            // Another process was faster; both have unpacked the same content.
            discard(scratch)
        } catch {
            throw ImageStoreError(.system(error), in: "snapshot \(chain)")
        }
    }

    /// Removes a scratch directory; what cannot go now goes when the store is opened next time.
    func discard(_ scratch: FilePath) { try? FileSystem.removeTree(scratch) }
}
