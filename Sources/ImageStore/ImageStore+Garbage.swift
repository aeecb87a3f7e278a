import Linux
public import OCI
import SystemPackage

/// What a collection has removed.
public struct GarbageReport: Sendable, Equatable {
    public var images: [Digest] = []
    public var blobs: [Digest] = []
    public var snapshots: [ChainID] = []
    /// Bytes of the blobs that went.
    public var blobBytes: Int64 = 0

    public init() {}
}

/// What is in use although no tag refers to it.
public struct ContentInUse: Sendable, Equatable {
    /// Ids of images that containers were made from.
    public var images: Set<Digest>
    /// Stacks that overlays are mounted from or that a build may use again, with all below them.
    public var stacks: Set<ChainID>

    public init(images: Set<Digest> = [], stacks: Set<ChainID> = []) {
        self.images = images
        self.stacks = stacks
    }
}

extension ImageStore {
    /// Takes the name `reference` from its image and collects what nobody needs any more.
    ///
    /// False when there was no such name. When a build holds the store, collecting is left to the
    /// next call.
    @discardableResult
    public func remove(
        _ reference: ImageReference,
        inUse: ContentInUse
    ) throws(ImageStoreError) -> Bool {
        let found = try untag(reference)
        _ = try collectGarbage(inUse: inUse)
        return found
    }

    /// Takes the name `reference` from its image, which stays until garbage is collected.
    ///
    /// False when there was no such name.
    @discardableResult
    public func untag(_ reference: ImageReference) throws(ImageStoreError) -> Bool {
        var found = false
        try changeIndex { entries in
            for index in entries.indices where entries[index].reference == reference {
                found = true
                entries[index].reference = nil
            }
        }
        return found
    }

    /// Removes images without a name that are `unwanted`, and blobs and snapshots that no image
    /// needs.
    ///
    /// Nil, and nothing removed, while somebody holds the store.
    public func collectGarbage(
        inUse: ContentInUse,
        unwanted: (Image) -> Bool = { _ in true }
    ) throws(ImageStoreError) -> GarbageReport? {
        try whileNobodyHolds { () throws(ImageStoreError) in
            var report = GarbageReport()
            let kept = try dropNameless(unwanted, except: inUse, &report)
            try removeSnapshots(except: kept.stacks, &report)
            try removeBlobs(except: kept.blobs, &report)
            return report
        }
    }

    /// Drops entries without a name from the index and tells what the others need.
    private func dropNameless(
        _ unwanted: (Image) -> Bool,
        except inUse: ContentInUse,
        _ report: inout GarbageReport
    ) throws(ImageStoreError) -> (blobs: Set<Digest>, stacks: Set<ChainID>) {
        var (blobs, stacks): (Set<Digest>, Set<ChainID>) = ([], [])
        var dropped: [Digest] = []
        try changeIndex { (entries) throws(ImageStoreError) in
            var kept: [ContentDescriptor] = []
            for entry in entries {
                guard entry.mediaType.isManifest else {
                    // Put here by another tool; not ours to judge.
                    kept.append(entry)
                    blobs.insert(entry.digest)
                    continue
                }
                let image = try image(of: entry)
                guard
                    entry.reference != nil || inUse.images.contains(image.id)
                        || entry.hasForeignName || !unwanted(image)
                else {
                    dropped.append(image.id)
                    continue
                }
                kept.append(entry)
                blobs.formUnion([entry.digest, image.id])
                blobs.formUnion(image.layers.map(\.descriptor.digest))
                stacks.formUnion(image.chain)
            }
            entries = kept
        }
        report.images = dropped
        for layer in try layers(below: inUse.stacks) {
            stacks.insert(layer.chainID)
            blobs.insert(layer.descriptor.digest)
        }
        return (blobs, stacks)
    }

    /// The layers of `stacks`, down to the lowest.
    private func layers(below stacks: Set<ChainID>) throws(ImageStoreError) -> [Layer] {
        var layers: [Layer] = []
        var waiting = Array(stacks)
        var seen: Set<ChainID> = []
        while let chain = waiting.popLast() {
            guard seen.insert(chain).inserted, let snapshot = try snapshot(chain) else { continue }
            layers.append(snapshot.layer)
            if let parent = snapshot.layer.parent { waiting.append(parent) }
        }
        return layers
    }

    private func removeSnapshots(
        except kept: Set<ChainID>,
        _ report: inout GarbageReport
    ) throws(ImageStoreError) {
        let (snapshots, scratch) = (snapshots, snapshotsScratch)
        let names = try wrapping(system: { () throws(SystemCallError) in
            try FileSystem.entries(of: snapshots)
        })
        for name in names {
            guard let chain = ChainID(hex: name), !kept.contains(chain) else { continue }
            // Out of the way in one step first: a half-removed snapshot must not be found.
            let doomed = scratchName(in: scratch)
            try wrapping(system: { () throws(SystemCallError) in
                try FileSystem.rename(snapshots.appending(name), to: doomed)
                try FileSystem.removeTree(doomed)
            })
            report.snapshots.append(chain)
        }
    }

    private func removeBlobs(
        except kept: Set<Digest>,
        _ report: inout GarbageReport
    ) throws(ImageStoreError) {
        let blobs = blobs
        let names = try wrapping(system: { () throws(SystemCallError) in
            try FileSystem.entries(of: blobs)
        })
        for name in names {
            guard let digest = ChainID(hex: name)?.digest, !kept.contains(digest) else { continue }
            let path = blobs.appending(name)
            report.blobBytes += try wrapping(system: { () throws(SystemCallError) in
                let size = try FileSystem.status(of: path).size
                try FileSystem.removeFile(path)
                return size
            })
            report.blobs.append(digest)
        }
    }
}

extension ContentDescriptor {
    /// Whether another tool has given this manifest a name that is no image reference.
    fileprivate var hasForeignName: Bool {
        reference == nil && annotations[AnnotationKey.referenceName] != nil
    }
}
