import Linux
import SystemPackage

extension LayeredTree {
    /// The location that a path leads to after its links are followed.
    struct Resolution {
        /// The deepest existing entry on the path.
        var entry: TreeEntry
        /// The components after it, which do not exist.
        var missing: [FilePath.Component]

        var found: TreeEntry? { missing.isEmpty ? entry : nil }
    }

    private static let linkLimit = 255

    /// Follows `path` from the root; `..` and absolute links stay inside the tree.
    ///
    /// With `followingLast` false a link at the end of the path is returned itself.
    func resolve(
        _ path: FilePath,
        followingLast: Bool = true
    ) throws(SystemCallError) -> Resolution {
        var pending = Array(path.components.reversed())
        var trail = [root]
        var missing: [FilePath.Component] = []
        var links = 0
        while let name = pending.popLast() {
            if name.kind == .currentDirectory { continue }
            if name.kind == .parentDirectory {
                if missing.popLast() == nil, trail.count > 1 { trail.removeLast() }
                continue
            }
            guard missing.isEmpty, let here = trail.last, here.isDirectory,
                let entry = try child(name, of: here)
            else {
                missing.append(name)
                continue
            }
            guard entry.kind == .symbolicLink, followingLast || !pending.isEmpty else {
                trail.append(entry)
                continue
            }
            links += 1
            guard links <= Self.linkLimit else {
                throw SystemCallError(
                    call: "open",
                    subject: path.string,
                    reason: .tooManySymbolicLinkLevels
                )
            }
            let target = try entry.linkTarget
            if target.isAbsolute { trail = [root] }
            pending += target.components.reversed()
        }
        return Resolution(entry: trail[trail.count - 1], missing: missing)
    }

    /// The entry that `path` leads to; nil if there is none.
    func entry(_ path: FilePath) throws(SystemCallError) -> TreeEntry? {
        try resolve(path).found
    }

    /// The content of a regular file of at most `limit` bytes; nil if there is none.
    func content(of path: FilePath, limit: Int = 4 << 20) throws(SystemCallError) -> [UInt8]? {
        guard let entry = try entry(path), entry.kind == .regular,
            let size = entry.status?.size, size <= limit
        else { return nil }
        return try entry.open().readToEnd()
    }
}
