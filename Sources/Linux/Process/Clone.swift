import CLinux
public import SystemPackage

/// Child processes that continue with a copy of this process's memory. Source: clone(2), clone3.
public enum Clone {
    /// Starts a process in new namespaces that runs `body`.
    ///
    /// `cgroup` is a directory of the cgroup v2 hierarchy that the process starts in; nil for the
    /// caller's. The caller must be single-threaded: a lock held by another thread would never be
    /// released in the copy.
    public static func start(
        _ namespaces: Namespaces = [],
        cgroup: FilePath? = nil,
        _ body: () -> Never
    ) throws(SystemCallError) -> ProcessHandle {
        guard let cgroup else { return try start(namespaces, cgroup: -1, body) }
        let directory = try Descriptor.open(cgroup, [.pathOnly, .directory])
        return try start(namespaces, cgroup: directory.number, body)
    }

    private static func start(
        _ namespaces: Namespaces,
        cgroup: Int32,
        _ body: () -> Never
    ) throws(SystemCallError) -> ProcessHandle {
        var pidfd: Int32 = -1
        let pid = try systemCall("clone3", "namespaces \(namespaces)") {
            unsafe clinux_clone(namespaces.rawValue, &pidfd, cgroup)
        }
        if pid == 0 { body() }
        return ProcessHandle(pid: pid, owning: Descriptor(owning: pidfd))
    }

    /// The number of threads of this process.
    public static func threadCount() throws(SystemCallError) -> Int {
        // A task directory has one link for itself, one for its parent and one for each thread.
        try Int(FileSystem.status(of: "/proc/self/task").links) - 2
    }
}
