import CLinux
import Glibc
public import SystemPackage

/// A process's view of the network: its own interfaces, addresses, routes, rules and ports.
///
/// Source: network_namespaces(7).
public enum NetworkNamespace {
    /// Opens the namespace that the calling thread is in.
    public static func current() throws(SystemCallError) -> Descriptor {
        try open("/proc/thread-self/ns/net")
    }

    /// Opens the namespace that process `pid` is in.
    public static func of(pid: Int32) throws(SystemCallError) -> Descriptor {
        try open(FilePath("/proc/\(pid)/ns/net"))
    }

    /// Opens the namespace that is mounted or linked at `path`.
    public static func open(_ path: FilePath) throws(SystemCallError) -> Descriptor {
        Descriptor(
            owning: try systemCall("open", path.string) {
                unsafe Glibc.open(path.string, O_RDONLY | O_CLOEXEC)
            }
        )
    }

    /// Makes a namespace that has nothing but a loopback interface, which is down.
    public static func make() throws(SystemCallError) -> Descriptor {
        let here = try current()
        try systemCall("unshare", "network namespace") { clinux_unshare_network() }
        defer { enterForGood(here) }
        return try current()
    }

    /// Runs `body` with the calling thread inside `namespace`, and comes back.
    ///
    /// Only this thread moves, so `body` must not wait for another one. Sockets made inside stay
    /// there; so do files below `/proc/sys/net` and `/proc/thread-self/net`.
    public static func inside<Result: ~Copyable>(
        _ namespace: borrowing Descriptor,
        _ body: () throws(SystemCallError) -> Result
    ) throws(SystemCallError) -> Result {
        let here = try current()
        let number = namespace.number
        try systemCall("setns", "network namespace") { clinux_setns_network(number) }
        defer { enterForGood(here) }
        return try body()
    }

    /// Coming back to a namespace that we hold open cannot fail; going on elsewhere would let
    /// this thread change the wrong network.
    private static func enterForGood(_ namespace: borrowing Descriptor) {
        let result = clinux_setns_network(namespace.number)
        precondition(result == 0, "cannot return to the thread's own network namespace")
    }
}
