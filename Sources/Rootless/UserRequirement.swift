import Linux
public import SystemPackage

/// Something that an ordinary user's namespaces need of the machine, which can be checked alone.
public enum UserRequirement: String, Sendable, CaseIterable {
    case userNamespaces = "user namespaces"
    case ids = "subordinate ids"
    case uplink = "network program"
    case tunnel = "/dev/net/tun"
    case runtimeDirectory = "run-time directory"
    case dataDirectory = "data directory"

    /// Tries it and returns what was found. The process has one thread.
    ///
    /// Creates the two directories unless they exist, as the first command does.
    public func check(
        _ caller: UserSession.Caller,
        data: FilePath
    ) throws(RootlessError) -> String {
        switch self {
        case .userNamespaces: try tryNamespaces()
        case .ids: try tryMapping(caller)
        case .uplink: try Uplink.installed(path: caller.environment["PATH"]).joined(separator: ", ")
        case .tunnel: try tryTunnel()
        case .runtimeDirectory:
            try Self.prepare(
                UserDirectories.runtime(caller.environment, user: caller.user),
                caller,
                "XDG_RUNTIME_DIR"
            )
        case .dataDirectory: try Self.prepare(data, caller, "SWIFTCOMPOSE_ROOT")
        }
    }

    private func tryNamespaces() throws(RootlessError) -> String {
        do throws(SystemCallError) {
            try Trial.run([.user, .mount]) { () throws(SystemCallError) in
                // AppArmor lets a program create a user namespace, but not use it.
                try Mount.change("/", propagation: .private, recursively: true)
            }
        } catch {
            throw RootlessError(.namespacesForbidden(error, setting: .forbidding()))
        }
        return "permitted"
    }

    private func tryMapping(_ caller: UserSession.Caller) throws(RootlessError) -> String {
        let mapping = try IDMapping(
            user: caller.user,
            group: caller.group,
            name: caller.name,
            path: caller.environment["PATH"]
        )
        let process: WaitingProcess
        do throws(SystemCallError) {
            process = try WaitingProcess(in: .user)
        } catch {
            throw RootlessError(.namespacesForbidden(error, setting: .forbidding()))
        }
        try mapping.apply(to: process.handle.pid, messagesIn: "/tmp")
        return "\(mapping.count) ids can be mapped"
    }

    private func tryTunnel() throws(RootlessError) -> String {
        try Uplink.checkTunnel()
        return "can be opened"
    }

    private static func prepare(
        _ path: FilePath,
        _ caller: UserSession.Caller,
        _ variable: String
    ) throws(RootlessError) -> String {
        try UserDirectories.prepare(path, user: caller.user, variable: variable)
        return path.string
    }
}
