import Linux
import SystemPackage

/// Calls `body` with a new directory and removes it afterwards.
func withScratchDirectory(_ body: (FilePath) throws -> Void) throws {
    let unique = String(UInt64.random(in: .min ... .max), radix: 36)
    let directory = FilePath("/tmp/swiftcompose-state-\(unique)")
    try FileSystem.makeDirectories(directory)
    let result = Result { try body(directory) }
    try FileSystem.removeTree(directory)
    try result.get()
}
