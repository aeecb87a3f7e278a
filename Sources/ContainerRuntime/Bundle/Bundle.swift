import FoundationEssentials
import Linux
public import OCI
public import SystemPackage

/// A container's directory: its `config.json` and whatever that names beside it.
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
        let bytes = try attempt(.readBundle) { () throws(SystemCallError) in
            try FileSystem.read(path)
        }
        do {
            specification = try JSONDecoder().decode(RuntimeSpecification.self, from: Data(bytes))
        } catch {
            throw .unreadableBundle(directory, "\(error)")
        }
    }

    /// Writes `config.json`, making the directory when missing; it is not flushed to disk.
    public func write() throws(RuntimeError) {
        let bytes: [UInt8]
        do {
            bytes = try CanonicalJSON.encode(specification, indented: true)
        } catch {
            throw .unreadableBundle(directory, "\(error)")
        }
        try attempt(.readBundle) { () throws(SystemCallError) in
            try FileSystem.makeDirectories(directory)
            let path = directory.appending("config.json")
            try AtomicFile.write(bytes, to: path, mode: 0o600, flushing: false)
        }
    }

    /// The directory that becomes the container's root, absolute.
    var rootPath: FilePath {
        directory.pushing(FilePath(specification.root?.path ?? "rootfs"))
    }
}
