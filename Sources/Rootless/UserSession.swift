import Linux
public import SystemPackage

/// The namespaces of an ordinary user, in which it is root and the whole engine runs.
public enum UserSession {
    /// The user and the surroundings of a command.
    public struct Caller {
        public var user: UInt32
        public var group: UInt32
        /// The name in the password database, else the id.
        public var name: String
        public var environment: [String: String]

        public init(user: UInt32, group: UInt32, name: String, environment: [String: String]) {
            self.user = user
            self.group = group
            self.name = name
            self.environment = environment
        }
    }

    /// Moves this process, of one thread, into the user's namespaces, which are created if there are
    /// none, and keeps them until it exits.
    ///
    /// `data` is the directory for images and containers. `warn` is called for a fault that does not
    /// keep containers from running.
    public static func enter(
        _ caller: Caller,
        data: FilePath,
        warn: @escaping (String) -> Void
    ) throws(RootlessError) {
        let directory = UserDirectories.runtime(caller.environment, user: caller.user)
        let path = directory.appending(HolderLaunch.socketName)
        for _ in 1...10 {
            if let holder = try connect(path), try join(holder, path) { return }
            try start(caller, directory, data, warn)
        }
        throw RootlessError(.holderEnded)
    }

    /// Keeps the namespaces that this process was started in until it exits; does nothing for root.
    public static func attend() throws(RootlessError) {
        guard let path = UserNamespace.holder else { return }
        let holder = try RootlessError.during(
            "connect to the holder of the user's namespaces",
            try NamespaceHolder(at: path)
        )
        holder.stay()
    }

    /// Lets the namespaces end with this command if no other process uses them, and waits for that.
    public static func leave() throws(RootlessError) {
        guard let path = UserNamespace.holder else { return }
        try RootlessError.during(
            "leave the user's namespaces",
            try NamespaceHolder(at: path).leave()
        )
    }

    /// Nil if no holder listens.
    private static func connect(_ path: FilePath) throws(RootlessError) -> NamespaceHolder? {
        do throws(SystemCallError) {
            return try NamespaceHolder(at: path)
        } catch
            where [.noSuchFileOrDirectory, .connectionRefused, .connectionReset]
            .contains(error.reason)
        {
            return nil
        } catch {
            throw RootlessError(
                .refused(doing: "connect to the holder of the user's namespaces", error)
            )
        }
    }

    private static func start(
        _ caller: Caller,
        _ directory: FilePath,
        _ data: FilePath,
        _ warn: @escaping (String) -> Void
    ) throws(RootlessError) {
        try UserDirectories.prepare(directory, user: caller.user, variable: "XDG_RUNTIME_DIR")
        try UserDirectories.prepare(data, user: caller.user, variable: "SWIFTCOMPOSE_ROOT")
        let lock = try RootlessError.during(
            "lock the user's namespaces",
            FileLock(waitingFor: directory.appending(HolderLaunch.lockName))
        )
        try lock.whileHeld { () throws(RootlessError) in
            // Another command may have started it in the meantime.
            if try connect(directory.appending(HolderLaunch.socketName)) != nil { return }
            let launch = HolderLaunch(
                directory: directory,
                name: caller.name,
                user: caller.user,
                group: caller.group,
                path: caller.environment["PATH"],
                warn: warn
            )
            try launch.run()
        }
    }

    /// Returns false if the holder ends at this moment.
    private static func join(
        _ holder: consuming NamespaceHolder,
        _ path: FilePath
    ) throws(RootlessError) -> Bool {
        guard let network = try network(of: holder) else { return false }
        let place = try RootlessError.during(
            "find the working directory",
            CurrentProcess.workingDirectory()
        )
        let firstPort = try? FileSystem.readText("/proc/sys/net/ipv4/ip_unprivileged_port_start")
        try RootlessError.during("join the user's namespaces", join(holder.process(), network))
        do throws(SystemCallError) {
            // Joining a mount namespace leads to its root.
            try CurrentProcess.changeDirectory(to: FilePath(place))
            try ProcessEnvironment.set(UserNamespace.holderVariable, to: path.string)
            if let firstPort {
                let digits = String(firstPort.prefix(while: \.isNumber))
                try ProcessEnvironment.set(UserNamespace.firstPortVariable, to: digits)
            }
        } catch {
            throw RootlessError(.invisibleDirectory(place))
        }
        holder.stay()
        return true
    }

    /// Nil if the holder ends at this moment.
    private static func network(
        of holder: borrowing NamespaceHolder
    ) throws(RootlessError) -> Descriptor? {
        do throws(SystemCallError) {
            return try holder.network()
        } catch  where [.connectionReset, .brokenPipe].contains(error.reason) {
            return nil
        } catch {
            throw RootlessError(.refused(doing: "join the user's namespaces", error))
        }
    }

    private static func join(
        _ process: borrowing ProcessHandle,
        _ network: borrowing Descriptor
    ) throws(SystemCallError) {
        try Namespaces([.user, .mount]).join(process)
        try Namespaces.network.join(network)
    }
}
