import SystemPackage

/// A path like `/proc/PID/root/dev/shm`: a place in another process's mount namespace.
struct ProcessRootPath: Equatable {
    var pid: Int32
    /// As that process sees it.
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
