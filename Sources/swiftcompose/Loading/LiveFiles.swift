import ComposeFile
import Linux
import SystemPackage

extension FileAccess {
    /// Access to the host's file system.
    static func live(environment: [String: String]) -> FileAccess {
        FileAccess(
            currentDirectory: currentDirectory(environment),
            home: environment["HOME"],
            read: { path throws(FileAccess.Failure) in
                do throws(SystemCallError) {
                    return try FileSystem.read(FilePath(path == "-" ? "/dev/stdin" : path))
                } catch {
                    throw Failure(error.reason.description)
                }
            },
            kind: { path in
                // An inaccessible file counts as absent; reading it reports the reason.
                guard let status = try? FileSystem.status(of: FilePath(path)) else { return nil }
                return switch status.kind {
                case .regular: .file
                case .directory: .directory
                default: .stream
                }
            },
            realPath: { realPath(FilePath($0)) }
        )
    }

    /// Returns the working directory by the shell's name for it, if that is still valid.
    private static func currentDirectory(_ environment: [String: String]) -> String {
        if let name = environment["PWD"], name.hasPrefix("/"), !name.contains("/."),
            // An inaccessible directory is not the working directory.
            let named = try? FileSystem.status(of: FilePath(name)),
            let actual = try? FileSystem.status(of: "."),
            (named.device, named.inode) == (actual.device, actual.inode)
        {
            return name
        }
        return realPath("/proc/self/cwd") ?? "/"
    }

    /// Returns `path` with all symbolic links resolved; nil if it does not exist.
    private static func realPath(_ path: FilePath) -> String? {
        var result = FilePath("/")
        var open = Array(path.components.reversed())
        var links = 0
        while let component = open.popLast() {
            guard component.kind == .regular else {
                if component.kind == .parentDirectory { result.removeLastComponent() }
                continue
            }
            let next = result.appending(component)
            // An inaccessible file counts as absent.
            guard let status = try? FileSystem.status(of: next, followingLink: false) else {
                return nil
            }
            guard status.kind == .symbolicLink else {
                result = next
                continue
            }
            links += 1
            // The kernel follows no more than 40 links either.
            guard links <= 40, let target = try? FileSystem.readSymbolicLink(next) else {
                return nil
            }
            if target.isAbsolute { result = "/" }
            open += target.components.reversed()
        }
        return result.string
    }
}
