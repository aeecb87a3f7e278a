import Dockerfile
import Linux
import SystemPackage

extension LayeredTree {
    /// The entries that a source of COPY or ADD matches, with links at its end followed.
    ///
    /// Each has the name by which it was found. A pattern may match nothing; for a plain path
    /// without an entry the result is nil.
    func matches(_ source: String) throws(SystemCallError) -> [(name: String, entry: TreeEntry)]? {
        let names = cleanedPath(source).split(separator: "/").map(String.init)
        let plain = names.prefix {
            !$0.unicodeScalars.contains(where: "*?[\\".unicodeScalars.contains)
        }
        if plain.count == names.count {
            let path = FilePath(root: "/", plain.compactMap { FilePath.Component($0) })
            guard let found = try entry(path) else { return nil }
            return [(plain.last ?? "", found)]
        }
        guard let pattern = PathPattern(names[plain.count...].joined(separator: "/")) else {
            return nil
        }
        let start = FilePath(root: "/", plain.compactMap { FilePath.Component($0) })
        guard let directory = try entry(start), directory.isDirectory else { return [] }
        var found: [(name: String, entry: TreeEntry)] = []
        try search(directory, below: "", for: pattern, depth: names.count - plain.count, &found)
        return found
    }

    private func search(
        _ directory: TreeEntry,
        below prefix: String,
        for pattern: PathPattern,
        depth: Int,
        _ found: inout [(name: String, entry: TreeEntry)]
    ) throws(SystemCallError) {
        for child in try children(of: directory) {
            let name = child.name?.string ?? ""
            let path = prefix.isEmpty ? name : prefix + "/" + name
            if pattern.matches(path) {
                let target = FilePath(root: "/", child.path)
                if let followed = try entry(target) { found.append((name, followed)) }
            } else if child.isDirectory, depth > 1 {
                try search(child, below: path, for: pattern, depth: depth - 1, &found)
            }
        }
    }
}
