import Glibc
public import SystemPackage

extension FileSystem {
    /// How many bytes may still be written to the file system that holds `path`.
    ///
    /// Source: statvfs(3).
    public static func availableBytes(at path: FilePath) throws(SystemCallError) -> UInt64 {
        var status = statvfs()
        try systemCall("statvfs", path.string) { unsafe statvfs(path.string, &status) }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
