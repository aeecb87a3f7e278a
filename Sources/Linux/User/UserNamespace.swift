import CLinux
import Glibc
public import SystemPackage

/// The user namespace of this process. Source: user_namespaces(7).
public enum UserNamespace {
    /// The variable with the path of the holder's socket, in processes that have joined the
    /// namespaces of an ordinary user.
    public static let holderVariable = "SWIFTCOMPOSE_HOLDER"

    /// The socket of the holder whose namespaces this process has joined; nil for root.
    public static var holder: FilePath? {
        ProcessEnvironment.value(holderVariable).map { FilePath($0) }
    }

    /// Whether this process may do what only root of the whole machine may: create device nodes,
    /// mount overlays with trusted attributes, and so on. A process asks after it has joined.
    public static let isInitial: Bool = {
        // Without procfs, calls that are refused report the reason.
        guard let text = try? FileSystem.readText("/proc/self/uid_map") else { return true }
        let words = text.split { " \n".contains($0) }
        return words.count == 3 && words[0] == "0" && words[1] == "0" && words[2] == "4294967295"
    }()

    /// The ids that are mapped, as inclusive ranges inside the namespace.
    public static func mappedUsers() throws(SystemCallError) -> [ClosedRange<UInt32>] {
        try ranges("/proc/self/uid_map")
    }

    public static func mappedGroups() throws(SystemCallError) -> [ClosedRange<UInt32>] {
        try ranges("/proc/self/gid_map")
    }

    private static func ranges(_ path: FilePath) throws(SystemCallError) -> [ClosedRange<UInt32>] {
        try FileSystem.readText(path).split(separator: "\n").compactMap { line in
            let numbers = line.split(separator: " ").compactMap { UInt32($0) }
            guard numbers.count == 3, numbers[2] > 0 else { return nil }
            return numbers[0]...(numbers[0] &+ (numbers[2] - 1))
        }
    }
}

/// The password database. Source: passwd(5).
public enum UserAccount {
    /// The name of a user; nil if it has none.
    public static func name(of user: UInt32) -> String? {
        guard let entry = unsafe getpwuid(user) else { return nil }
        return unsafe String(cString: entry.pointee.pw_name)
    }
}

/// The host's network, for processes that have joined a user's own network namespace: sockets are
/// opened there by the holder.
public enum HostNetwork {
    /// Returns a new connection to the holder; nil for root, which is in the host's network.
    static func holder() throws(SystemCallError) -> NamespaceHolder? {
        guard let path = UserNamespace.holder else { return nil }
        return try NamespaceHolder(at: path)
    }

    /// The address from which this host would reach `peer`; nil if it would not.
    public static func ownAddress(towards peer: SocketAddress) throws(SystemCallError) -> [UInt8]? {
        guard let holder = try holder() else { return nil }
        let socket = Socket(try holder.open(family: peer.family, type: Int32(SOCK_DGRAM.rawValue)))
        do {
            try socket.connect(to: peer)
        } catch  where [.networkUnreachable, .hostIsDown, .noRouteToHost].contains(error.reason) {
            return nil
        }
        return try socket.localAddress().address
    }
}
