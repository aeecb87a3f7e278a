import SystemPackage

/// A path such as `/proc/PID/root/dev/shm`, which lies in another process's mount namespace.
struct ProcessRootPath: Equatable {
    var pid: Int32
    /// The path inside that namespace.
    var path: FilePath

    init?(_ path: FilePath) {
        let parts = path.components.map(\.string)
        guard path.isAbsolute, parts.count > 3, parts[0] == "proc", parts[2] == "root",
            let pid = Int32(parts[1])
        else { return nil }
        self.pid = pid
        self.path = FilePath("/" + parts.dropFirst(3).joined(separator: "/"))
    }
}
