public import SystemPackage

extension FileSystem {
    /// The disk space allocated to the tree at `path`, in bytes; a file with several names counts
    /// once.
    ///
    /// Symbolic links and mount points are not followed. Directories nested deeper than 64 levels
    /// are not counted, nor is anything that does not exist or is removed concurrently.
    public static func diskUsage(of path: FilePath) throws(SystemCallError) -> Int64 {
        do {
            let status = try status(of: path, followingLink: false)
            guard status.kind == .directory else { return status.diskUsage }
            var usage = TreeUsage(device: status.device)
            try usage.add(try Descriptor.open(path, [.directory, .notFollowingLink]), depth: 0)
            return status.diskUsage + usage.bytes
        } catch  where error.isMissing {
            return 0
        }
    }
}

/// Sums up the disk space of one tree.
private struct TreeUsage {
    let device: UInt64
    var bytes: Int64 = 0
    /// The files with several names that were counted.
    private var counted: Set<UInt64> = []
    /// Each level holds a descriptor.
    private static let deepest = 64

    init(device: UInt64) { self.device = device }

    mutating func add(
        _ directory: borrowing Descriptor,
        depth: Int
    ) throws(SystemCallError) {
        for name in try directory.entryNames() {
            guard let status = try directory.status(ofEntry: name), status.device == device,
                status.links == 1 || status.kind == .directory
                    || counted.insert(status.inode).inserted
            else { continue }
            bytes += status.diskUsage
            guard status.kind == .directory, depth < Self.deepest else { continue }
            do {
                try add(directory.open(entry: name, .directory), depth: depth + 1)
            } catch  where error.isMissing {
                continue
            }
        }
    }
}
