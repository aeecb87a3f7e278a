import CLinux
import SystemPackage

/// Processes that go on as this one does, with a copy of its memory. Source: clone(2), clone3.
public enum Clone {
    /// Starts a process in new namespaces that runs `body`, and never returns from it.
    ///
    /// `cgroup` is an open directory of the control group v2 hierarchy that the process is born
    /// in. The caller has one thread only: whatever lock another thread held would stay locked
    /// in the copy for ever.
    public static func start(
        _ namespaces: Namespaces = [],
        cgroup: Int32? = nil,
        _ body: () -> Never
    ) throws(SystemCallError) -> ProcessHandle {
        var pidfd: Int32 = -1
        let pid = try systemCall("clone3", "namespaces \(namespaces)") {
            unsafe clinux_clone(namespaces.rawValue, &pidfd, cgroup ?? -1)
        }
        if pid == 0 { body() }
        return ProcessHandle(pid: pid, owning: Descriptor(owning: pidfd))
    }

    /// How many threads this process has.
    public static func threadCount() throws(SystemCallError) -> Int {
        // A task directory has one link for itself, one for its parent and one for each thread.
        try Int(FileSystem.status(of: "/proc/self/task").links) - 2
    }
}
