import Linux
import SystemPackage

/// Calls `body` with a new empty directory and removes it with all its content afterwards.
func withScratchDirectory<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
    let name = "linux-tests-" + String(UInt64.random(in: .min ... .max), radix: 36)
    let directory = FilePath("/tmp").appending(name)
    try FileSystem.makeDirectory(directory)
    let result = Swift.Result { try body(directory) }
    try FileSystem.removeTree(directory)
    return try result.get()
}
