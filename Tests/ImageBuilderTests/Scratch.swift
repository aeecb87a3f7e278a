import Linux
import SystemPackage
import Testing

/// Makes files in `directory`: a path ending in `/` is a directory, content `-> b` a link to `b`.
func writeFiles(_ files: [String: String], in directory: FilePath) throws {
    for (path, content) in files.sorted(by: { $0.key < $1.key }) {
        let target = directory.pushing(FilePath(path))
        try FileSystem.makeDirectories(target.removingLastComponent())
        if path.hasSuffix("/") {
            try FileSystem.makeDirectories(target)
        } else if content.hasPrefix("-> ") {
            try FileSystem.makeSymbolicLink(target, to: FilePath(String(content.dropFirst(3))))
        } else {
            try AtomicFile.write(Array(content.utf8), to: target)
        }
    }
}
