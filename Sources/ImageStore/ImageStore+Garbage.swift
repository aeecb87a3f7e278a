import Linux
public import OCI
import SystemPackage

/// The result of a garbage collection.
public struct GarbageReport: Sendable, Equatable {
    public var images: [Digest] = []
    public var blobs: [Digest] = []
    public var snapshots: [ChainID] = []
    /// The disk space of the removed blobs and snapshots in bytes.
    public var bytes: Int64 = 0
    /// The disk space of the layers of removed images that the build cache keeps, in bytes.
    public var bytesKept: Int64 = 0

    public init() {}
}

/// Content that is in use without a tag.
public struct ContentInUse: Sendable, Equatable {
    /// The IDs of images of existing containers.
    public var images: Set<Digest>
    /// Stacks used by overlays or the build cache, including all layers below.
    public var stacks: Set<ChainID>

    public init(images: Set<Digest> = [], stacks: Set<ChainID> = []) {
        self.images = images
        self.stacks = stacks
    }
}

extension ImageStore {
    /// Removes the name `reference`; the image remains until garbage is collected.
    ///
    /// Returns false if there is no such name.
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

    /// Removes untagged images that are `unwanted`, and unreferenced blobs and snapshots.
    ///
    /// Returns nil without removing anything while the store is held.
    public func collectGarbage(
        inUse: ContentInUse,
        unwanted: (Image) -> Bool = { _ in true }
    ) throws(ImageStoreError) -> GarbageReport? {
        guard let lock = try exclusiveLock() else { return nil }
        return try lock.whileHeld { () throws(ImageStoreError) in
            try collectLocked(inUse, unwanted: unwanted)
        }
    }

    /// Collects garbage; the caller holds the exclusive lock.
    func collectLocked(
        _ inUse: ContentInUse,
        unwanted: (Image) -> Bool = { _ in true }
    ) throws(ImageStoreError) -> GarbageReport {
        var report = GarbageReport()
        let kept = try dropNameless(unwanted, except: inUse, &report)
        try removeSnapshots(except: kept.stacks, &report)
        try removeBlobs(except: kept.blobs, &report)
        return report
    }

    /// Drops untagged entries from the index; returns the content that the others need.
    private func dropNameless(
        _ unwanted: (Image) -> Bool,
        except inUse: ContentInUse,
        _ report: inout GarbageReport
    ) throws(ImageStoreError) -> (blobs: Set<Digest>, stacks: Set<ChainID>) {
        var (blobs, stacks): (Set<Digest>, Set<ChainID>) = ([], [])
        var known: [ChainID: Layer] = [:]
        var dropped: [Image] = []
        try changeIndex { (entries) throws(ImageStoreError) in
            var kept: [ContentDescriptor] = []
            for entry in entries {
                // Added by another tool, or named by one, or tagged by us.
                let isNamed = entry.reference != nil || entry.hasForeignName
                guard entry.mediaType.isManifest, let image = try readableImage(of: entry) else {
                    if isNamed || !entry.mediaType.isManifest {
                        kept.append(entry)
                        blobs.insert(entry.digest)
                    }
                    continue
                }
                for layer in image.layers { known[layer.chainID] = layer }
                guard isNamed || inUse.images.contains(image.id) || !unwanted(image) else {
                    dropped.append(image)
                    continue
                }
                kept.append(entry)
                blobs.formUnion([entry.digest, image.id])
                blobs.formUnion(image.layers.map(\.descriptor.digest))
                stacks.formUnion(image.chain)
            }
            entries = kept
        }
        report.images = dropped.map(\.id)
        let droppedStacks = Set(dropped.flatMap(\.chain)).subtracting(stacks)
        for layer in try layers(below: inUse.stacks, known) {
            if droppedStacks.contains(layer.chainID) {
                report.bytesKept += try diskUsage(of: layer)
            }
            stacks.insert(layer.chainID)
            blobs.insert(layer.descriptor.digest)
        }
        return (blobs, stacks)
    }

    /// Nil if a document of the image is missing or damaged.
    private func readableImage(of entry: ContentDescriptor) throws(ImageStoreError) -> Image? {
        do throws(ImageStoreError) {
            return try image(of: entry)
        } catch {
            guard error.isDamage else { throw error }
            return nil
        }
    }

    /// The layers of `stacks`, down to the lowest; `known` are those of readable images.
    func layers(
        below stacks: Set<ChainID>,
        _ known: [ChainID: Layer] = [:]
    ) throws(ImageStoreError) -> [Layer] {
        var layers: [Layer] = []
        var waiting = Array(stacks)
        var seen: Set<ChainID> = []
        while let chain = waiting.popLast() {
            guard seen.insert(chain).inserted else { continue }
            var layer = known[chain]
            if layer == nil { layer = try snapshot(chain)?.layer }
            guard let layer else { continue }
            layers.append(layer)
            if let parent = layer.parent { waiting.append(parent) }
        }
        return layers
    }

    private func removeSnapshots(
        except kept: Set<ChainID>,
        _ report: inout GarbageReport
    ) throws(ImageStoreError) {
        let (snapshots, scratch) = (snapshots, snapshotsScratch)
        let names = try during(system: FileSystem.entries(of: snapshots))
        for name in names {
            guard let chain = ChainID(hex: name), !kept.contains(chain) else { continue }
            // Renamed first, so that a partly removed snapshot is never found.
            let doomed = scratchName(in: scratch)
            try during(system: FileSystem.rename(snapshots.appending(name), to: doomed))
            report.bytes += try during(system: FileSystem.diskUsage(of: doomed))
            try during(system: FileSystem.removeTree(doomed))
            report.snapshots.append(chain)
        }
    }

    private func removeBlobs(
        except kept: Set<Digest>,
        _ report: inout GarbageReport
    ) throws(ImageStoreError) {
        let blobs = blobs
        let names = try during(system: FileSystem.entries(of: blobs))
        for name in names {
            guard let digest = ChainID(hex: name)?.digest, !kept.contains(digest) else { continue }
            let path = blobs.appending(name)
            report.bytes += try during(system: FileSystem.status(of: path).diskUsage)
            try during(system: FileSystem.removeFile(path))
            report.blobs.append(digest)
        }
    }
}

extension ContentDescriptor {
    /// Whether another tool named this manifest by something other than an image reference.
    fileprivate var hasForeignName: Bool {
        reference == nil && annotations[AnnotationKey.referenceName] != nil
    }
}
