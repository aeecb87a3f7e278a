import SystemPackage

/// An attempt in a process and in namespaces of its own, which end with it.
public enum Trial {
    /// Runs `body` in a new process in new namespaces; in a user namespace the caller is root.
    ///
    /// Throws the error of `body`, or the reason why the namespaces cannot be created. The caller must
    /// be single-threaded.
    public static func run(
        _ namespaces: Namespaces,
        _ body: () throws(SystemCallError) -> Void
    ) throws(SystemCallError) {
        let report = try Pipe()
        let number = report.writeEnd.number
        let (user, group) = CurrentProcess.identity
        let process = try Clone.start(namespaces) {
            do throws(SystemCallError) {
                if namespaces.contains(.user) { try becomeRoot(user, group) }
                try body()
            } catch {
                // A caller that was killed needs no report.
                try? Descriptor.write(error.encoded, to: number)
                CurrentProcess.end(1)
            }
            CurrentProcess.end(0)
        }
        let failure = try report.takeReadEnd().readToEnd()
        let status = try process.wait()
        if let error = SystemCallError(encoded: failure) { throw error }
        guard status == .exited(0) else {
            throw SystemCallError(call: "wait", subject: "trial process", reason: .canceled)
        }
    }

    /// Maps the caller's own ids, which needs no privilege. Source: user_namespaces(7).
    private static func becomeRoot(_ user: UInt32, _ group: UInt32) throws(SystemCallError) {
        try FileSystem.write("deny", into: "/proc/self/setgroups")
        try FileSystem.write("0 \(user) 1", into: "/proc/self/uid_map")
        try FileSystem.write("0 \(group) 1", into: "/proc/self/gid_map")
    }
}
