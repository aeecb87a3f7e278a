import Archive
import Linux
public import SystemPackage

/// Writes a container's root file system as an archive, without mounts.
///
/// The process must be single-threaded.
public struct ContainerExport: Sendable {
    private let paths: DataPaths

    public init(_ paths: DataPaths) { self.paths = paths }

    /// Writes the archive to the open descriptor `output`.
    public func write(_ container: ExistingContainer, to output: Int32) throws(CopyError) {
        let tree = try FileTree.of(container, in: paths, for: .readingOwnFiles)
        let root = try tree.directory("/")
        try ArchivePipe.write(to: output) { (writer) throws(CopyError) in
            try CopyError.during(archive: writer.add(entriesOf: root, called: "/"))
        }
    }

    /// Writes the archive to the file at the absolute `path` atomically.
    public func write(_ container: ExistingContainer, to path: FilePath) throws(CopyError) {
        let name = "\(path.lastComponent?.string ?? "").\(UInt32.random(in: .min ... .max)).tmp"
        let scratch = path.removingLastComponent().appending(name)
        let file = try CopyError.during(
            Descriptor.open(scratch, [.writing, .creating, .exclusive], mode: 0o600)
        )
        do throws(CopyError) {
            try write(container, to: file.number)
            try CopyError.during(FileSystem.rename(scratch, to: path))
        } catch {
            // The first error is the one to report.
            try? FileSystem.removeFile(scratch)
            throw error
        }
    }
}
