import Glibc
import SystemPackage
import Testing

@testable import Archive

/// Skips tests that create devices and set owners without root.
let needsRoot: ConditionTrait = .enabled(if: geteuid() == 0, "owners and devices need root")

/// Runs a program; throws if it fails.
func run(_ arguments: String...) throws {
    let words = arguments.map { "'\($0)'" }.joined(separator: " ")
    let status = unsafe system("\(words) >/dev/null")
    try #require(status == 0, "\(words) failed")
}

/// An archive of `entries` with their contents.
func tar(
    _ entries: [(TarEntry, [UInt8])],
    encoding: TarWriter.Encoding = .none
) throws -> [UInt8] {
    var bytes: [UInt8] = []
    let writer = try TarWriter(name: "test.tar", encoding: encoding) { bytes += $0 }
    for (entry, content) in entries {
        try writer.add(entry, content: ByteSource(bytes: content, name: "content"))
    }
    try writer.finish()
    return bytes
}

func file(_ path: FilePath, _ content: String) -> (TarEntry, [UInt8]) {
    (TarEntry(path: path, kind: .file(size: Int64(content.utf8.count))), Array(content.utf8))
}

func entry(_ path: FilePath, _ kind: TarEntry.Kind, mode: UInt32 = 0o755) -> (TarEntry, [UInt8]) {
    (TarEntry(path: path, kind: kind, mode: mode), [])
}

func unpack(
    _ entries: [(TarEntry, [UInt8])],
    into root: FilePath,
    whiteouts: ExtractionOptions.Whiteouts = .overlay
) throws {
    let source = ByteSource(bytes: try tar(entries), name: "test.tar")
    try TarReader(source).extract(into: root, options: ExtractionOptions(whiteouts: whiteouts))
}

/// The status of `path`, symbolic links not followed; nil if it does not exist.
func status(_ path: FilePath) -> stat? {
    var status = stat()
    return unsafe lstat(path.string, &status) == 0 ? status : nil
}

func contents(_ path: FilePath) throws -> String {
    let source = try ByteSource(file: path)
    var bytes: [UInt8] = []
    while true {
        let piece = try source.next()
        if piece.isEmpty { return String(decoding: bytes, as: UTF8.self) }
        bytes += piece
    }
}

func attributes(_ path: FilePath) throws -> [String: [UInt8]] {
    let descriptor = unsafe open(path.string, O_RDONLY)
    defer { close(descriptor) }
    return try extendedAttributes(of: descriptor, subject: path.string)
}
