public import SystemPackage

/// Network namespaces: isolated interfaces, addresses, routes, rules and ports.
///
/// Source: network_namespaces(7).
public enum NetworkNamespace {
    /// Opens the calling thread's namespace.
    public static func current() throws(SystemCallError) -> Descriptor {
        try Namespaces.network.current()
    }

    /// Opens the namespace of process `pid`.
    public static func of(pid: Int32) throws(SystemCallError) -> Descriptor {
        try open(FilePath("/proc/\(pid)/ns/net"))
    }

    /// Opens the namespace at `path`.
    public static func open(_ path: FilePath) throws(SystemCallError) -> Descriptor {
        try Descriptor.open(path)
    }

    /// Creates a namespace with nothing but a loopback interface, which is down.
    public static func make() throws(SystemCallError) -> Descriptor {
        try Namespaces.network.make()
    }

    /// Runs `body` with the calling thread inside `namespace`, then returns the thread to its own.
    ///
    /// Only this thread moves, so `body` must not wait for another one. Sockets made inside stay
    /// there; so do files below `/proc/sys/net` and `/proc/thread-self/net`.
    public static func inside<Result: ~Copyable>(
        _ namespace: borrowing Descriptor,
        _ body: () throws(SystemCallError) -> Result
    ) throws(SystemCallError) -> Result {
        try Namespaces.network.visiting(namespace, body)
    }
}
