import Linux
import OCI

/// The disk space of one kind of content.
public struct DiskUsage: Sendable, Equatable {
    public var count = 0
    /// The number in use by containers.
    public var active = 0
    /// In bytes.
    public var total: Int64 = 0
    /// The space that pruning those not in use would free, in bytes.
    public var reclaimable: Int64 = 0

    public init() {}
}

extension ImageStore {
    /// The disk space of images, and of the build cache beyond that, with their snapshots.
    ///
    /// `containers` are the images and stacks of all containers, `cached` the stacks of the build
    /// cache. Content that several images share counts once; that which the build cache shares with
    /// images cannot be reclaimed by removing one of them alone.
    public func diskUsage(
        containers: ContentInUse,
        cached: Set<ChainID>
    ) throws(ImageStoreError) -> (images: DiskUsage, cache: DiskUsage) {
        var (images, cache) = (DiskUsage(), DiskUsage())
        var (all, used) = (Content(), Content())
        var seen: Set<Digest> = []
        for image in try self.images().map(\.image) where seen.insert(image.id).inserted {
            images.count += 1
            all.add(image)
            guard containers.images.contains(image.id) else { continue }
            images.active += 1
            used.add(image)
        }
        for layer in try layers(below: containers.stacks) { used.add(layer) }
        var cacheLayers = Content()
        for layer in try layers(below: cached) { cacheLayers.add(layer) }
        for blob in all.blobs.union(used.blobs) {
            let bytes = try diskUsage(ofBlob: blob)
            images.total += bytes
            let isHeld = used.blobs.contains(blob) || cacheLayers.blobs.contains(blob)
            if !isHeld { images.reclaimable += bytes }
        }
        for stack in all.stacks.union(used.stacks) {
            let bytes = try diskUsage(ofSnapshot: stack)
            images.total += bytes
            let isHeld = used.stacks.contains(stack) || cacheLayers.stacks.contains(stack)
            if !isHeld { images.reclaimable += bytes }
        }
        cache.count = cached.count
        for blob in cacheLayers.blobs.subtracting(all.blobs).subtracting(used.blobs) {
            cache.total += try diskUsage(ofBlob: blob)
        }
        for stack in cacheLayers.stacks.subtracting(all.stacks).subtracting(used.stacks) {
            cache.total += try diskUsage(ofSnapshot: stack)
        }
        cache.reclaimable = cache.total
        return (images, cache)
    }

    /// The disk space of a layer's archive and snapshot in bytes.
    func diskUsage(of layer: Layer) throws(ImageStoreError) -> Int64 {
        try diskUsage(ofBlob: layer.descriptor.digest) + diskUsage(ofSnapshot: layer.chainID)
    }

    private func diskUsage(ofBlob digest: Digest) throws(ImageStoreError) -> Int64 {
        guard contains(digest) else { return 0 }
        return try during(system: FileSystem.status(of: path(ofBlob: digest)).diskUsage)
    }

    private func diskUsage(ofSnapshot chain: ChainID) throws(ImageStoreError) -> Int64 {
        guard isUnpacked(chain) else { return 0 }
        return try during(system: FileSystem.diskUsage(of: directory(of: chain)))
    }
}

/// A set of blobs and snapshots.
private struct Content {
    var blobs: Set<Digest> = []
    var stacks: Set<ChainID> = []

    mutating func add(_ image: Image) {
        blobs.formUnion([image.manifest.digest, image.id])
        for layer in image.layers { add(layer) }
    }

    mutating func add(_ layer: Layer) {
        blobs.insert(layer.descriptor.digest)
        stacks.insert(layer.chainID)
    }
}
