public import Archive
public import ContainerRuntime
public import Linux

/// Why files cannot be copied into or out of a container.
public enum CopyError: Error, Sendable, Equatable {
    /// Nothing is at this path in this container.
    case notFound(String, container: String)
    case notADirectory(String)
    case noSuchDirectory(String)
    /// A directory would take the place of this file.
    case directoryOverFile(String)
    /// The destination is a device, a socket or the like.
    case specialFile(String)
    /// The kernel makes up what is there; it has no size to copy.
    case kernelFile(String, container: String)
    /// The container may not write there itself.
    case readOnly(String, container: String)
    /// The process that reads the source failed, in its own words.
    case source(String)
    case archive(ArchiveError)
    case system(SystemCallError)
    case runtime(RuntimeError)
}

extension CopyError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFound(let path, let container):
            "Could not find the file \(path) in container \(container)"
        case .notADirectory(let path): "\(path): not a directory"
        case .noSuchDirectory(let path):
            "\(path): no such directory; make it first, or leave the '/' at its end out"
        case .directoryOverFile(let path):
            "\(path): cannot copy directory; a file is in its place"
        case .specialFile(let path):
            "destination \"\(path)\" must be a directory or a regular file"
        case .kernelFile(let path, let container):
            "\(path) in container \(container) is made up by the kernel and has no size to copy; "
                + "read it with 'swiftcompose exec SERVICE cat \(path)'"
        case .readOnly(let path, let container):
            "container rootfs is marked read-only, or a mount in it: \(path) in \(container); "
                + "copy into a volume that the container may write to"
        case .source(let words): words
        case .archive(let error): "\(error)"
        case .system(let error): "\(error)"
        case .runtime(let error): "\(error)"
        }
    }
}

extension CopyError {
    static func wrappingSystem<Result: ~Copyable>(
        _ body: () throws(SystemCallError) -> Result
    ) throws(CopyError) -> Result {
        do throws(SystemCallError) { return try body() } catch { throw .system(error) }
    }

    static func wrappingArchive<Result: ~Copyable>(
        _ body: () throws(ArchiveError) -> Result
    ) throws(CopyError) -> Result {
        do throws(ArchiveError) { return try body() } catch { throw .archive(error) }
    }

    static func wrappingRuntime<Result: ~Copyable>(
        _ body: () throws(RuntimeError) -> Result
    ) throws(CopyError) -> Result {
        do throws(RuntimeError) { return try body() } catch { throw .runtime(error) }
    }
}
