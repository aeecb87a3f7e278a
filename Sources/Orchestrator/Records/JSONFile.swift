import FoundationEssentials
import Linux
import OCI
import SystemPackage

/// Values stored as JSON files, written atomically.
enum JSONFile {
    static func write(_ value: some Encodable, to path: FilePath, flushing: Bool = true) throws {
        try AtomicFile.write(try CanonicalJSON.encode(value), to: path, flushing: flushing)
    }

    static func read<Value: Decodable>(_ type: Value.Type, from path: FilePath) throws -> Value {
        let bytes = try FileSystem.read(path)
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw OrchestratorError.unreadableState(path: path.string, reason: "\(error)")
        }
    }

    /// Nil if there is no such file.
    static func readIfPresent<Value: Decodable>(
        _ type: Value.Type,
        from path: FilePath
    ) throws -> Value? {
        do {
            return try read(type, from: path)
        } catch let error as SystemCallError where error.reason == .noSuchFileOrDirectory {
            return nil
        }
    }
}
