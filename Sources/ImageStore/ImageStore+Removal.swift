import Linux
public import OCI

/// The result of removing names of images.
public struct RemovalReport: Sendable, Equatable {
    /// The names that were removed.
    public var untagged: [ImageReference] = []
    /// The names that were kept, because a container uses the image and it has no other name.
    public var inUse: [ImageReference] = []
    /// Nil while a build or transfer is running; its garbage is left to a later collection.
    public var garbage: GarbageReport?

    public init() {}
}

extension ImageStore {
    /// Removes names of images, and then the images without a name that no container uses: all of
    /// them, or those that are `unwanted`.
    ///
    /// As with docker, the last names of an image that any container uses, running or not, are
    /// kept unless `force` is set. `uses` is evaluated while no process can add to them.
    public func remove(
        _ references: [ImageReference],
        force: Bool = false,
        unwanted: (Image) -> Bool = { _ in true },
        uses: () throws -> ContentInUse
    ) throws -> RemovalReport {
        guard let lock = try exclusiveLock() else {
            return try untag(references, force: force, try uses())
        }
        return try lock.whileHeld { () throws in
            let inUse = try uses()
            var report = try untag(references, force: force, inUse)
            report.garbage = try collectLocked(inUse, unwanted: unwanted)
            return report
        }
    }

    /// Removes the images that no container uses and that are `unwanted`: all of them, or those
    /// without a name.
    ///
    /// Returns nil without removing anything while a build or transfer is running. `uses` is
    /// evaluated while no process can add to them.
    public func prune(
        named: Bool,
        unwanted: (Image) -> Bool = { _ in true },
        uses: () throws -> ContentInUse
    ) throws -> GarbageReport? {
        guard let lock = try exclusiveLock() else { return nil }
        return try lock.whileHeld { () throws in
            let inUse = try uses()
            if named {
                let unused = try images().filter {
                    !inUse.images.contains($0.image.id) && unwanted($0.image)
                }
                _ = try untag(unused.compactMap(\.reference), force: false, inUse)
            }
            return try collectLocked(inUse, unwanted: unwanted)
        }
    }

    private func untag(
        _ references: [ImageReference],
        force: Bool,
        _ inUse: ContentInUse
    ) throws(ImageStoreError) -> RemovalReport {
        var report = RemovalReport()
        let tagged = try images()
        for reference in references {
            let id = tagged.first { $0.reference == reference }?.image.id
            let isLast = !tagged.contains { other in
                guard other.image.id == id, let name = other.reference else { return false }
                return !references.contains(name)
            }
            if let id, isLast, inUse.images.contains(id), !force {
                report.inUse.append(reference)
            } else if try untag(reference) {
                report.untagged.append(reference)
            }
        }
        return report
    }
}
