import CArchive
import Glibc
import Linux
import SystemPackage

extension DirectoryHandle {
    /// Opens the subdirectory `name` without following a symbolic link.
    func subdirectory(
        _ name: FilePath.Component,
        subject: @autoclosure () -> String
    ) throws(ArchiveError) -> DirectoryHandle {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        return DirectoryHandle(
            owning: Descriptor(
                owning: try call("openat", subject()) {
                    unsafe name.withPlatformString { unsafe openat(number, $0, flags) }
                }
            )
        )
    }

    /// The names in the directory, sorted by their bytes.
    func names(subject: @autoclosure () -> String) throws(ArchiveError) -> [FilePath.Component] {
        let duplicate = try call("dup", subject()) { fcntl(number, F_DUPFD_CLOEXEC, 0) }
        guard let stream = unsafe fdopendir(duplicate) else {
            close(duplicate)
            throw ArchiveError(.format("cannot be listed"), in: subject())
        }
        defer { unsafe closedir(stream) }
        unsafe rewinddir(stream)
        var names: [FilePath.Component] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe FilePath.Component(platformString: $0)
                }
            }
            if let name, name.kind == .regular { names.append(name) }
        }
        return names.sorted { compare($0, $1) < 0 }
    }

    private func compare(_ left: FilePath.Component, _ right: FilePath.Component) -> Int32 {
        unsafe left.withPlatformString { left in
            unsafe right.withPlatformString { unsafe strcmp(left, $0) }
        }
    }

    /// The status of `name`, symbolic links not followed; nil if it does not exist.
    func status(
        of name: FilePath.Component,
        subject: @autoclosure () -> String
    ) throws(ArchiveError) -> stat? {
        var status = stat()
        do throws(ArchiveError) {
            try call("fstatat", subject()) {
                unsafe name.withPlatformString {
                    unsafe fstatat(number, $0, &status, AT_SYMLINK_NOFOLLOW)
                }
            }
            return status
        } catch {
            guard case .system(let fault) = error.problem, fault.reason == .noSuchFileOrDirectory
            else { throw error }
            return nil
        }
    }

    /// Removes `name` with everything below it; does nothing if it does not exist.
    func remove(
        _ name: FilePath.Component,
        subject: @autoclosure () -> String
    ) throws(ArchiveError) {
        guard let status = try status(of: name, subject: subject()) else { return }
        let isDirectory = status.st_mode & S_IFMT == S_IFDIR
        if isDirectory {
            let directory = try subdirectory(name, subject: subject())
            for child in try directory.names(subject: subject()) {
                try directory.remove(child, subject: "\(subject())/\(child)")
            }
        }
        try call("unlinkat", subject()) {
            unsafe name.withPlatformString {
                unsafe unlinkat(number, $0, isDirectory ? AT_REMOVEDIR : 0)
            }
        }
    }
}
