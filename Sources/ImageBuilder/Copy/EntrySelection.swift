import Dockerfile
import Linux
import OCI
import SystemPackage

/// The entries of a tree that a COPY, an ADD or a bind mount reads.
struct EntrySelection {
    struct Match {
        /// The name of the source before links were followed.
        var name: String
        var entry: TreeEntry
        /// With `--parents`: the paths to take below `entry`.
        var included: IgnorePatterns?
    }

    let tree: LayeredTree
    let matches: [Match]
    /// The paths to leave out.
    var excluded = IgnorePatterns()
    /// Whether the files come from a context: they become root's and keep few attributes.
    let isOfContext: Bool

    /// The walk through a match that is a directory.
    func walk(_ match: Match) -> TreeWalk {
        TreeWalk(tree: tree, included: match.included, excluded: excluded)
    }

    /// Adds the content and metadata of the entries to a cache key.
    func add(
        to digest: inout ContentDigest,
        digests: DigestCache
    ) throws(SystemCallError) {
        for match in matches {
            digest.add(match.name)
            guard match.entry.isDirectory else {
                try add(match.entry, at: "", to: &digest, digests)
                continue
            }
            var inner = digest
            try walk(match).visitContents(
                of: match.entry,
                TreeWalk.Visitor<SystemCallError>(
                    enter: { item throws(SystemCallError) in
                        let path = item.target.map(\.string).joined(separator: "/")
                        try add(item.entry, at: path, to: &inner, digests)
                    },
                    leave: { _ throws(SystemCallError) in }
                ),
                reading: { $0 }
            )
            digest = inner
        }
    }

    private func add(
        _ entry: TreeEntry,
        at path: String,
        to digest: inout ContentDigest,
        _ digests: DigestCache
    ) throws(SystemCallError) {
        digest.add(path)
        digest.add("\(entry.kind) \(entry.mode)")
        if !isOfContext {
            digest.add("\(entry.status?.owner ?? 0):\(entry.status?.group ?? 0)")
        }
        let attributes = try entry.portableAttributes(ofContext: isOfContext)
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            digest.add(name)
            digest.add(value)
        }
        switch entry.kind {
        case .regular: digest.add("\(try digests.digest(of: entry))")
        case .symbolicLink: digest.add(try entry.linkTarget.string)
        case .characterDevice, .blockDevice:
            digest.add("\(entry.status?.node ?? .init(major: 0, minor: 0))")
        default: break
        }
    }
}
