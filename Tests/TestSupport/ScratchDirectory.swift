import Linux
public import SystemPackage

/// Calls `body` with a new empty directory, which is removed afterwards even if `body` throws.
///
/// On many hosts `/tmp` is in memory; `/var/tmp` is on disk and supports overlay mounts.
@discardableResult
public func withScratchDirectory<Result>(
    in parent: FilePath = "/tmp",
    _ body: (FilePath) throws -> Result
) throws -> Result {
    let directory = try makeScratchDirectory(in: parent)
    let result = Swift.Result { try body(directory) }
    try FileSystem.removeTree(directory)
    return try result.get()
}

/// As above, for an asynchronous `body`.
@discardableResult
public func withScratchDirectory<Result>(
    in parent: FilePath = "/tmp",
    _ body: (FilePath) async throws -> Result
) async throws -> Result {
    let directory = try makeScratchDirectory(in: parent)
    let result: Result
    do {
        result = try await body(directory)
    } catch {
        try FileSystem.removeTree(directory)
        throw error
    }
    try FileSystem.removeTree(directory)
    return result
}

private func makeScratchDirectory(in parent: FilePath) throws -> FilePath {
    let name = "swiftcompose-test-" + String(UInt64.random(in: .min ... .max), radix: 36)
    let directory = parent.appending(name)
    try FileSystem.makeDirectory(directory)
    return directory
}
