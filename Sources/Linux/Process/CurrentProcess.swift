import CLinux
import Glibc
public import SystemPackage

/// What the calling process changes about itself, mostly between clone and execve.
public enum CurrentProcess {
    public static var pid: Int32 { getpid() }

    /// Leads a new session, without a controlling terminal. Source: setsid(2).
    public static func startSession() throws(SystemCallError) {
        try systemCall("setsid", "process") { setsid() }
    }

    /// Names the process in `/proc/PID/comm`, until execve names it after its program.
    public static func setName(_ name: String) throws(SystemCallError) {
        try systemCall("prctl PR_SET_NAME", name) { unsafe clinux_set_name(name) }
    }

    /// Changes the first argument of the command line that others see of this process.
    public static func renameCommand(from old: String, to name: String) {
        unsafe clinux_rename_command(old, name)
    }

    /// Sets the host name of the UTS namespace.
    public static func setHostName(_ name: String) throws(SystemCallError) {
        try systemCall("sethostname", name) { unsafe sethostname(name, name.utf8.count) }
    }

    /// Sets the NIS domain name of the UTS namespace.
    public static func setDomainName(_ name: String) throws(SystemCallError) {
        try systemCall("setdomainname", name) { unsafe setdomainname(name, name.utf8.count) }
    }

    /// Brings a network interface of the network namespace up.
    public static func bringUp(interface name: String) throws(SystemCallError) {
        try systemCall("ioctl SIOCSIFFLAGS", name) { unsafe clinux_interface_up(name) }
    }

    public static func changeDirectory(
        to directory: borrowing Descriptor
    ) throws(SystemCallError) {
        let number = directory.number
        try systemCall("fchdir", "descriptor \(number)") { fchdir(number) }
    }

    /// Changes the working directory as the process's user may.
    public static func changeDirectory(to path: FilePath) throws(SystemCallError) {
        try systemCall("chdir", path.string) { unsafe chdir(path.string) }
    }

    /// The working directory as the kernel sees it: `(unreachable)…` when outside the root.
    public static func workingDirectory() throws(SystemCallError) -> String {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = try systemCall("getcwd", "working directory") {
            unsafe clinux_getcwd(&buffer, PATH_MAX)
        }
        let bytes = buffer.prefix(max(0, Int(length) - 1)).map(UInt8.init(bitPattern:))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The permission bits that new files do not get.
    public static func setUmask(_ mask: UInt32) { umask(mode_t(mask)) }

    /// Becomes another user with these groups, for good.
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

    /// Keeps the permitted capabilities through `setIdentity`.
    public static func keepCapabilities(_ keep: Bool) throws(SystemCallError) {
        try systemCall("prctl PR_SET_KEEPCAPS", "process") {
            clinux_prctl(PR_SET_KEEPCAPS, keep ? 1 : 0)
        }
    }

    /// From now on no program gains privileges by execve. Source: prctl(2).
    public static func setNoNewPrivileges() throws(SystemCallError) {
        try systemCall("prctl PR_SET_NO_NEW_PRIVS", "process") {
            clinux_prctl(PR_SET_NO_NEW_PRIVS, 1)
        }
    }

    /// Keeps others, also root without CAP_SYS_PTRACE, from our memory and `/proc/PID/exe`.
    public static func setDumpable(_ dumpable: Bool) throws(SystemCallError) {
        try systemCall("prctl PR_SET_DUMPABLE", "process") {
            clinux_prctl(PR_SET_DUMPABLE, dumpable ? 1 : 0)
        }
    }

    /// The signal that the kernel sends us when our parent ends; nil for none.
    public static func setParentDeathSignal(_ signal: Signal?) throws(SystemCallError) {
        try systemCall("prctl PR_SET_PDEATHSIG", "process") {
            clinux_prctl(PR_SET_PDEATHSIG, UInt(signal?.rawValue ?? 0))
        }
    }

    /// Makes orphans below us our children. Source: prctl(2), `PR_SET_CHILD_SUBREAPER`.
    public static func becomeSubreaper() throws(SystemCallError) {
        try systemCall("prctl PR_SET_CHILD_SUBREAPER", "process") {
            clinux_prctl(PR_SET_CHILD_SUBREAPER, 1)
        }
    }

    /// Every signal back to its default action, and none blocked.
    public static func resetSignals() { clinux_reset_signals() }

    /// Makes `descriptor` the standard stream `stream`: 0, 1 or 2.
    public static func useAsStream(
        _ descriptor: Int32,
        _ stream: Int32
    ) throws(SystemCallError) {
        try systemCall("dup2", "descriptor \(descriptor)") { dup2(descriptor, stream) }
    }

    /// Sees to it that execve leaves only descriptors below `first` open. Linux 5.11.
    public static func closeOnExecution(from first: Int32) throws(SystemCallError) {
        try systemCall("close_range", "descriptors") {
            clinux_close_range(UInt32(bitPattern: first), .max, 1)
        }
    }

    /// Closes every descriptor from 3 on but `kept`, whoever owns it: only in a process that
    /// never returns to the owners.
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

    /// Gives the file behind a descriptor to another user.
    public static func setOwner(
        of descriptor: Int32,
        user: UInt32,
        group: UInt32
    ) throws(SystemCallError) {
        try systemCall("fchown", "descriptor \(descriptor)") { fchown(descriptor, user, group) }
    }

    /// Goes on as two processes: 0 in the new one, its pid in the old one. One thread only.
    public static func fork() throws(SystemCallError) -> Int32 {
        try systemCall("clone", "process") { clinux_fork() }
    }

    /// Lets no signal through until `resetSignals`; those that come meanwhile wait.
    public static func blockSignals() throws(SystemCallError) {
        var all = sigset_t()
        unsafe sigfillset(&all)
        try systemCall("sigprocmask", "signals") { unsafe sigprocmask(SIG_SETMASK, &all, nil) }
    }

    /// Leads a process group of its own, the terminal's foreground one when input is a terminal.
    public static func takeForeground() throws(SystemCallError) {
        try systemCall("tcsetpgrp", "terminal") { clinux_take_foreground() }
    }

    /// Ends at once, without running what a program does at its end. Source: _exit(2).
    public static func end(_ status: Int32) -> Never { _exit(status) }
}
