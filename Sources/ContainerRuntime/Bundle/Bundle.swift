import FoundationEssentials
import Linux
public import OCI
public import SystemPackage

/// A container's directory, with its `config.json` and the files that this refers to.
///
/// Source: OCI Runtime Specification, `bundle.md`.
public struct Bundle: Sendable, Equatable {
    public let directory: FilePath
    public var specification: RuntimeSpecification

    public init(directory: FilePath, specification: RuntimeSpecification) {
        self.directory = directory
        self.specification = specification
    }

    /// Reads `config.json` in `directory`.
    public init(reading directory: FilePath) throws(RuntimeError) {
        self.directory = directory
        let path = directory.appending("config.json")
        let bytes = try RuntimeError.during(.readBundle, FileSystem.read(path))
        do {
            specification = try JSONDecoder().decode(RuntimeSpecification.self, from: Data(bytes))
        } catch {
            throw .unreadableBundle(directory, "\(error)")
        }
    }

    /// Writes `config.json`, creating the directory when missing; the file is not flushed to disk.
    public func write() throws(RuntimeError) {
        let bytes: [UInt8]
        do {
            bytes = try CanonicalJSON.encode(specification, indented: true)
        } catch {
            throw .unreadableBundle(directory, "\(error)")
        }
        do {
            try FileSystem.makeDirectories(directory)
            let path = directory.appending("config.json")
            try AtomicFile.write(bytes, to: path, mode: 0o600, flushing: false)
        } catch {
            throw .refused(.readBundle, error)
        }
    }

    /// The absolute path of the directory that becomes the container's root.
    var rootPath: FilePath {
        directory.pushing(FilePath(specification.root?.path ?? "rootfs"))
    }
}
