import Linux
import SystemPackage

/// The writer of a container's log files: the newest under its plain name, older ones as `.1`,
/// `.2` and so on.
struct LogFile: ~Copyable {
    private let path: FilePath
    private let maximumSize: Int64
    private let count: Int
    private var file: Descriptor
    private(set) var size: Int64
    private(set) var inode: UInt64

    /// Opens or creates the newest file; a size of 0 or less means no limit.
    init(_ path: FilePath, maximumSize: Int64, count: Int) throws(SystemCallError) {
        let opened = try Self.open(path)
        let status = try opened.status()
        self.path = path
        self.maximumSize = maximumSize > 0 ? maximumSize : .max
        self.count = max(1, count)
        file = opened
        size = status.size
        inode = status.inode
    }

    /// The number of bytes until the next rotation; at least one.
    var room: Int { Int(clamping: max(1, maximumSize - size)) }

    /// Appends whole log lines; on failure none of their bytes remain.
    mutating func append(_ lines: [UInt8]) throws(SystemCallError) {
        if size >= maximumSize { try rotate() }
        do {
            try file.write(lines)
        } catch {
            try file.truncate(to: size)
            throw error
        }
        size += Int64(lines.count)
    }

    /// Truncates the incomplete line that a killed writer left.
    mutating func repair(from offset: Int64) throws(SystemCallError) {
        guard size > offset else { return }
        let tail = try Descriptor.open(path).read(all: offset..<size)
        let end = tail.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard end < tail.count else { return }
        size = offset + Int64(end)
        try file.truncate(to: size)
    }

    /// With a single file the old content is dropped; a reader's open file still has it.
    private mutating func rotate() throws(SystemCallError) {
        if count == 1 {
            try FileSystem.removeFile(path)
        } else {
            var free = 0
            while free < count - 1, FileSystem.exists(Self.name(path, free)) { free += 1 }
            for number in stride(from: free, to: 0, by: -1) {
                try FileSystem.rename(Self.name(path, number - 1), to: Self.name(path, number))
            }
        }
        file = try Self.open(path)
        size = 0
        inode = try file.status().inode
    }

    /// Removes a log that is no longer written; does nothing if it does not exist.
    static func remove(_ path: FilePath) throws(SystemCallError) {
        var number = 0
        while FileSystem.exists(name(path, number)) {
            try FileSystem.removeFile(name(path, number))
            number += 1
        }
    }

    /// Returns the name of the file that has been rotated `number` times.
    static func name(_ path: FilePath, _ number: Int) -> FilePath {
        number == 0 ? path : FilePath("\(path.string).\(number)")
    }

    private static func open(_ path: FilePath) throws(SystemCallError) -> Descriptor {
        try Descriptor.open(path, [.readingAndWriting, .creating, .appending], mode: 0o640)
    }
}

extension Descriptor {
    /// Reads `range` of the file; fewer bytes if the file is shorter.
    func read(all range: Range<Int64>) throws(SystemCallError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: Int(range.count))
        var filled = 0
        while filled < buffer.count {
            let count = try read(
                into: &buffer,
                from: filled,
                at: range.lowerBound + Int64(filled)
            )
            if count == 0 { break }
            filled += count
        }
        return Array(buffer.prefix(filled))
    }
}
