import CLinux
import SystemPackage

/// A set of namespace kinds. Source: namespaces(7), clone(2).
public struct Namespaces: OptionSet, Sendable, Hashable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static let time = Namespaces(rawValue: 0x80)
    public static let mount = Namespaces(rawValue: 0x2_0000)
    public static let cgroup = Namespaces(rawValue: 0x200_0000)
    public static let uts = Namespaces(rawValue: 0x400_0000)
    public static let ipc = Namespaces(rawValue: 0x800_0000)
    public static let user = Namespaces(rawValue: 0x1000_0000)
    public static let pid = Namespaces(rawValue: 0x2000_0000)
    public static let network = Namespaces(rawValue: 0x4000_0000)

    /// Moves the calling thread to new namespaces; for `pid`, only its later children.
    public func unshare() throws(SystemCallError) {
        try systemCall("unshare", "namespaces \(self)") { clinux_unshare(rawValue) }
    }

    /// Moves the calling thread to the namespace that `descriptor` refers to.
    ///
    /// Mount and user namespaces require a single-threaded process. Source: setns(2).
    public func join(_ descriptor: borrowing Descriptor) throws(SystemCallError) {
        let number = descriptor.number
        try systemCall("setns", "namespaces \(self)") {
            clinux_setns(number, Int32(truncatingIfNeeded: rawValue))
        }
    }

    /// Moves the calling thread to these namespaces of `process`. Linux 5.8.
    public func join(_ process: borrowing ProcessHandle) throws(SystemCallError) {
        let number = process.descriptor.number
        try systemCall("setns", "namespaces \(self) of process \(process.pid)") {
            clinux_setns(number, Int32(truncatingIfNeeded: rawValue))
        }
    }

    /// The calling thread's own namespace of this one kind.
    public func current() throws(SystemCallError) -> Descriptor {
        try Descriptor.open(FilePath("/proc/thread-self/ns/\(self)"))
    }
}

/// Temporary visits.
extension Namespaces {
    /// Runs `body` with the calling thread in the namespace of this one kind that `target` has
    /// open, then returns the thread to its own.
    ///
    /// Only this thread moves, so `body` must not wait for another one. A visit to a `pid`
    /// namespace affects only the children created during it; a visit to a `mount` namespace requires
    /// a single-threaded process and resets its working directory.
    public func visiting<Result: ~Copyable>(
        _ target: borrowing Descriptor,
        _ body: () throws(SystemCallError) -> Result
    ) throws(SystemCallError) -> Result {
        let own = try current()
        try join(target)
        defer { rejoin(own) }
        return try body()
    }

    /// As above, in the namespace of `process`; Linux 5.8.
    public func visiting<Result: ~Copyable>(
        _ process: borrowing ProcessHandle,
        _ body: () throws(SystemCallError) -> Result
    ) throws(SystemCallError) -> Result {
        let own = try current()
        try join(process)
        defer { rejoin(own) }
        return try body()
    }

    /// Opens a new namespace of this one kind; the calling thread stays in its own.
    public func make() throws(SystemCallError) -> Descriptor {
        let own = try current()
        try unshare()
        defer { rejoin(own) }
        return try current()
    }

    /// Returning to a namespace that we left and hold open cannot fail; continuing in another one
    /// would change the wrong network or mounts.
    private func rejoin(_ own: borrowing Descriptor) {
        let result = clinux_setns(own.number, Int32(truncatingIfNeeded: rawValue))
        precondition(result == 0, "cannot return to the thread's own namespace")
    }
}

extension Namespaces: CustomStringConvertible {
    public var description: String {
        let names: [(Namespaces, String)] = [
            (.time, "time"), (.mount, "mnt"), (.cgroup, "cgroup"), (.uts, "uts"), (.ipc, "ipc"),
            (.user, "user"), (.pid, "pid"), (.network, "net"),
        ]
        return names.filter { contains($0.0) }.map(\.1).joined(separator: ",")
    }
}
