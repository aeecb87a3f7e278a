import Linux
import SystemPackage
import Testing

/// A directory of a test's own, gone when the test is.
func withScratch<Result>(_ body: (FilePath) async throws -> Result) async throws -> Result {
    let name = "swiftcompose-builder-\(UInt64.random(in: .min ... .max))"
    let directory = FilePath("/tmp").appending(name)
    try FileSystem.makeDirectory(directory, mode: 0o755)
    do {
        let result = try await body(directory)
        try FileSystem.removeTree(directory)
        return result
    } catch {
        try FileSystem.removeTree(directory)
        throw error
    }
}

/// Makes files in `directory`: a path ending in `/` is a folder, `a -> b` a link, else a file.
func lay(_ files: [String: String], in directory: FilePath) throws {
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
