import CLinux
import Glibc
public import SystemPackage

extension FileSystem {
    /// Makes everything written so far to the file system that holds `path` last through a power
    /// cut; for many files far cheaper than one fsync(2) each. Source: syncfs(2).
    public static func synchronizeAll(holding path: FilePath) throws(SystemCallError) {
        let directory = try Descriptor.open(path, .directory)
        let number = directory.number
        try systemCall("syncfs", path.string) { clinux_syncfs(number) }
    }
}

extension Descriptor {
    /// Makes the file's content last through a power cut. Source: fsync(2).
    public borrowing func synchronize() throws(SystemCallError) {
        let number = number
        try systemCall("fsync", "descriptor \(number)") { fsync(number) }
    }
}
