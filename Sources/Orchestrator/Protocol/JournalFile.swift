public import Linux
public import SystemPackage

/// A file of JSON lines that several processes append to; a full one is renamed to `PATH.1`.
public struct JournalFile: Sendable {
    private static let sizeLimit: Int64 = 1_048_576

    let path: FilePath

    public init(path: FilePath) { self.path = path }

    var older: FilePath { FilePath("\(path.string).1") }

    /// Appends bytes that end with a newline, all or none of them.
    public func append(_ lines: [UInt8]) throws(SystemCallError) {
        let file = try Descriptor.open(path, [.writing, .creating, .appending], mode: 0o600)
        let size = try file.status().size
        if size > Self.sizeLimit { try FileSystem.rename(path, to: older) }
        do throws(SystemCallError) {
            try file.write(lines)
        } catch {
            // On a full disk a part of a line may have been written, which would spoil the next.
            try? file.truncate(to: size)
            throw error
        }
    }

    /// All values that are kept, in the order in which they were appended.
    func read<Value: Decodable>(_ type: Value.Type) throws(SystemCallError) -> [Value] {
        var values: [Value] = []
        for file in [older, path] where FileSystem.exists(file) {
            values += Self.values(type, in: try FileSystem.read(file))
        }
        return values
    }

    /// The values in the text of a journal; a line torn by a power cut is skipped.
    static func values<Value: Decodable>(
        _ type: Value.Type,
        in text: some Collection<UInt8>
    ) -> [Value] {
        text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            try? JSONLine.decode(type, from: Array(line))
        }
    }
}
