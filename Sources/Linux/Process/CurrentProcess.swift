import CLinux
import Glibc
public import SystemPackage

/// Attributes of the calling process, mostly changed between clone and execve.
public enum CurrentProcess {
    public static var pid: Int32 { getpid() }

    /// The effective user and group.
    public static var identity: (user: UInt32, group: UInt32) { (geteuid(), getegid()) }

    /// Starts a new session without a controlling terminal. Source: setsid(2).
    public static func startSession() throws(SystemCallError) {
        try systemCall("setsid", "process") { setsid() }
    }

    /// Sets the name in `/proc/PID/comm`, which execve replaces by the program's.
    public static func setName(_ name: String) throws(SystemCallError) {
        try systemCall("prctl PR_SET_NAME", name) { unsafe clinux_set_name(name) }
    }

    /// Replaces the first argument of this process in `/proc/PID/cmdline`.
    public static func renameCommand(from old: String, to name: String) {
        unsafe clinux_rename_command(old, name)
    }

    /// Sets the host name of the UTS namespace. Source: sethostname(2).
    public static func setHostName(_ name: String) throws(SystemCallError) {
        try systemCall("sethostname", name) { unsafe sethostname(name, name.utf8.count) }
    }

    /// Sets the NIS domain name of the UTS namespace.
    public static func setDomainName(_ name: String) throws(SystemCallError) {
        try systemCall("setdomainname", name) { unsafe setdomainname(name, name.utf8.count) }
    }

    /// Brings up an interface of the network namespace.
    public static func bringUp(interface name: String) throws(SystemCallError) {
        try systemCall("ioctl SIOCSIFFLAGS", name) { unsafe clinux_interface_up(name) }
    }

    public static func changeDirectory(
        to directory: borrowing Descriptor
    ) throws(SystemCallError) {
        let number = directory.number
        try systemCall("fchdir", "descriptor \(number)") { fchdir(number) }
    }

    /// Changes the working directory.
    public static func changeDirectory(to path: FilePath) throws(SystemCallError) {
        try systemCall("chdir", path.string) { unsafe chdir(path.string) }
    }

    /// The working directory as the kernel reports it: `(unreachable)…` if outside the root.
    public static func workingDirectory() throws(SystemCallError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = try systemCall("getcwd", "working directory") {
            unsafe clinux_getcwd(&buffer, PATH_MAX)
        }
        let bytes = buffer.prefix(max(0, Int(length) - 1)).map(UInt8.init(bitPattern:))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Sets the permission bits that are cleared in new files. Source: umask(2).
    public static func setUmask(_ mask: UInt32) { umask(mode_t(mask)) }

    /// Changes user, group and supplementary groups irrevocably.
    public static func setIdentity(
        user: UInt32,
        group: UInt32,
        groups: [UInt32]
    ) throws(SystemCallError) {
        try systemCall("setgroups", "groups \(groups)") {
            unsafe clinux_setgroups(groups, groups.count)
        }
        try systemCall("setresgid", "group \(group)") { clinux_setresgid(group) }
        try systemCall("setresuid", "user \(user)") { clinux_setresuid(user) }
    }

    /// Sets whether `setIdentity` retains the permitted capabilities.
    public static func keepCapabilities(_ keep: Bool) throws(SystemCallError) {
        try systemCall("prctl PR_SET_KEEPCAPS", "process") {
            clinux_prctl(PR_SET_KEEPCAPS, keep ? 1 : 0)
        }
    }

    /// Prevents execve from granting privileges. Source: prctl(2).
    public static func setNoNewPrivileges() throws(SystemCallError) {
        try systemCall("prctl PR_SET_NO_NEW_PRIVS", "process") {
            clinux_prctl(PR_SET_NO_NEW_PRIVS, 1)
        }
    }

    /// Sets whether processes without CAP_SYS_PTRACE may access our memory and `/proc/PID/exe`.
    public static func setDumpable(_ dumpable: Bool) throws(SystemCallError) {
        try systemCall("prctl PR_SET_DUMPABLE", "process") {
            clinux_prctl(PR_SET_DUMPABLE, dumpable ? 1 : 0)
        }
    }

    /// Sets the signal to receive when the parent exits; nil for none.
    public static func setParentDeathSignal(_ signal: Signal?) throws(SystemCallError) {
        try systemCall("prctl PR_SET_PDEATHSIG", "process") {
            clinux_prctl(PR_SET_PDEATHSIG, UInt(signal?.rawValue ?? 0))
        }
    }

    /// Resets scheduler, niceness, I/O priority, processors, personality, timer slack and secure
    /// bits to the values that they have at boot.
    ///
    /// Values that the caller may not change are kept. Source: sched(7), ioprio_set(2),
    /// personality(2), prctl(2).
    public static func resetInheritedAttributes() throws(SystemCallError) {
        guard let call = unsafe clinux_reset_attributes() else { return }
        throw SystemCallError(
            call: unsafe String(cString: call),
            subject: "process",
            reason: Errno(rawValue: errno)
        )
    }

    /// Makes `descriptor` available as `number`, also after execve.
    public static func place(_ descriptor: Int32, at number: Int32) throws(SystemCallError) {
        try systemCall("dup2", "descriptor \(descriptor)") { clinux_place(descriptor, number) }
    }

    /// Restores the default action of all signals and unblocks them.
    public static func resetSignals() { clinux_reset_signals() }

    /// Duplicates `descriptor` to the standard stream `stream`: 0, 1 or 2.
    public static func useAsStream(
        _ descriptor: Int32,
        _ stream: Int32
    ) throws(SystemCallError) {
        try systemCall("dup2", "descriptor \(descriptor)") { dup2(descriptor, stream) }
    }

    /// Sets close-on-exec on all descriptors from `first`. Linux 5.11.
    public static func closeOnExecution(from first: Int32) throws(SystemCallError) {
        try systemCall("close_range", "descriptors") {
            clinux_close_range(UInt32(bitPattern: first), .max, 1)
        }
    }

    /// Closes all descriptors from 3 except `kept`, regardless of ownership; for processes that
    /// never return to the owners.
    public static func closeDescriptors(except kept: [Int32]) throws(SystemCallError) {
        var first: Int32 = 3
        for number in kept.sorted() where number >= first {
            if number > first { try close(first, number - 1) }
            first = number + 1
        }
        try close(first, .max)
    }

    private static func close(_ first: Int32, _ last: Int32) throws(SystemCallError) {
        try systemCall("close_range", "descriptors") {
            clinux_close_range(UInt32(first), UInt32(last), 0)
        }
    }

    /// Sets owner and group of the file behind a descriptor.
    public static func setOwner(
        of descriptor: Int32,
        user: UInt32,
        group: UInt32
    ) throws(SystemCallError) {
        try systemCall("fchown", "descriptor \(descriptor)") { fchown(descriptor, user, group) }
    }

    /// Forks a single-threaded process; returns 0 in the child and its process ID in the parent.
    public static func fork() throws(SystemCallError) -> Int32 {
        try systemCall("clone", "process") { clinux_fork() }
    }

    /// Blocks all signals until `resetSignals`; they stay pending.
    public static func blockSignals() throws(SystemCallError) {
        var all = sigset_t()
        unsafe sigfillset(&all)
        try systemCall("sigprocmask", "signals") { unsafe sigprocmask(SIG_SETMASK, &all, nil) }
    }

    /// The adjustment of the score by which the kernel selects a process when memory is short.
    ///
    /// Source: proc_pid_oom_score_adj(5).
    public static func outOfMemoryAdjustment() throws(SystemCallError) -> Int {
        let text = try FileSystem.readText("/proc/self/oom_score_adj")
        return text.split(whereSeparator: \.isNewline).first.flatMap { Int($0) } ?? 0
    }

    /// Creates a process group, which becomes the terminal's foreground group if standard input is
    /// a terminal.
    public static func takeForeground() throws(SystemCallError) {
        try systemCall("tcsetpgrp", "terminal") { clinux_take_foreground() }
    }

    /// Exits immediately without running exit handlers. Source: _exit(2).
    public static func end(_ status: Int32) -> Never { _exit(status) }
}
