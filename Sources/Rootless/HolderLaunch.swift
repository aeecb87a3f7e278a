import Linux
import SystemPackage

/// Creates a user's namespaces and the holder that keeps them.
///
/// A child of this process creates the user namespace, whose ids this process maps; the child then
/// creates the other namespaces and becomes the holder. It stays in the host's network, to which no
/// process of the user namespace could return.
struct HolderLaunch {
    let directory: FilePath
    let name: String
    let user: UInt32
    let group: UInt32
    /// The value of `PATH`.
    let path: String?
    /// Reports a fault that does not keep containers from running.
    let warn: (String) -> Void

    static let socketName = "holder.sock"
    static let lockName = "holder.lock"

    /// Returns when the holder listens; the caller holds the lock.
    func run() throws(RootlessError) {
        let uids = try SubordinateIDs(file: "/etc/subuid", name: name, user: user)
        let gids = try SubordinateIDs(file: "/etc/subgid", name: name, user: user)
        let mappers = try (program("newuidmap"), program("newgidmap"))
        let uplinks = try Uplink.choices(path: path, directory: directory)
        try RootlessError.during("remove a dead holder's files", removeLeftovers())
        let (ours, theirs) = try RootlessError.during(
            "create the user's namespaces",
            MessageSocket.pair()
        )
        let socket = MessageSocket(owning: Descriptor(owning: ours))
        let child = try clone(Descriptor(owning: theirs))
        do throws(RootlessError) {
            try map(child.pid, mappers.0, uids.arguments(process: child.pid, own: user))
            try map(child.pid, mappers.1, gids.arguments(process: child.pid, own: group))
            try finish(child.pid, socket, uplinks)
        } catch {
            // It exits by itself, since nothing answers it any more.
            try? child.send(.kill)
            try? removeLeftovers()
            throw error
        }
    }

    private func program(_ name: String) throws(RootlessError) -> InstalledProgram {
        guard let found = InstalledProgram(name, path: path) else {
            throw RootlessError(.missingProgram(name))
        }
        return found
    }

    private func removeLeftovers() throws(SystemCallError) {
        try Uplink.removeLeftover(in: directory)
        let socket = directory.appending(Self.socketName)
        if FileSystem.exists(socket) { try FileSystem.removeFile(socket) }
    }

    /// `socket` is the child's end of the connection.
    private func clone(_ socket: consuming Descriptor) throws(RootlessError) -> ProcessHandle {
        let number = socket.number
        do throws(SystemCallError) {
            return try Clone.start(.user) {
                HolderChild(directory: directory, socket: number).run()
            }
        } catch {
            throw RootlessError(.namespacesForbidden(error, setting: .forbidding()))
        }
    }

    private func map(
        _ pid: Int32,
        _ program: InstalledProgram,
        _ arguments: [String]
    ) throws(RootlessError) {
        let failure = try RootlessError.during(
            "run \(program.path)",
            program.failure(arguments, messagesIn: directory)
        )
        guard let failure else { return }
        let name = program.path.lastComponent?.string ?? program.path.string
        throw RootlessError(.mapping(program: name, reason: failure))
    }

    private func finish(
        _ owner: Int32,
        _ socket: borrowing MessageSocket,
        _ uplinks: [Uplink]
    ) throws(RootlessError) {
        try RootlessError.during("create the user's namespaces", socket.send([HolderChild.mapped]))
        let network = try answer(socket)
        guard network.count == 5, network[0] == HolderChild.separated else {
            throw try failure(network)
        }
        let pid = network.dropFirst().reversed().reduce(Int32(0)) { $0 << 8 | Int32($1) }
        if let uplink = connect(uplinks, owner: owner, network: pid) {
            try RootlessError.during(
                "start the holder",
                socket.send([HolderChild.connected], with: uplink.descriptor)
            )
        } else {
            try RootlessError.during("start the holder", socket.send([HolderChild.connected]))
        }
        // The end of the connection reports that the holder's program has been executed.
        let rest = try RootlessError.during("start the holder", socket.receive())
        if let rest { throw try failure(rest.bytes) }
    }

    private func answer(_ socket: borrowing MessageSocket) throws(RootlessError) -> [UInt8] {
        let message = try RootlessError.during("create the user's namespaces", socket.receive())
        guard let message else { throw RootlessError(.holderEnded) }
        return message.bytes
    }

    /// The error that the child reports.
    private func failure(_ message: [UInt8]) throws(RootlessError) -> RootlessError {
        guard message.first == HolderChild.failed else { return RootlessError(.holderEnded) }
        let fields = message.dropFirst().split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard fields.count == 3, let code = Int32(fields[0]) else {
            return RootlessError(.holderEnded)
        }
        let error = SystemCallError(
            call: fields[1],
            subject: fields[2],
            reason: Errno(rawValue: code)
        )
        // AppArmor lets a program create a user namespace, but not use it.
        if [.notPermitted, .permissionDenied].contains(error.reason),
            let setting = RootlessError.KernelSetting.forbidding()
        {
            return RootlessError(.namespacesForbidden(error, setting: setting))
        }
        return RootlessError(.refused(doing: "create the user's namespaces", error))
    }

    /// Nil, with a warning, if no program can connect the namespace, as on a machine without any
    /// network.
    private func connect(_ uplinks: [Uplink], owner: Int32, network: Int32) -> ProcessHandle? {
        var reasons: [String] = []
        for uplink in uplinks {
            do throws(SystemCallError) {
                return try uplink.start(owner: owner, network: network)
            } catch {
                reasons.append("\(error.call): \(error.subject)")
            }
        }
        warn(
            "containers cannot reach other machines until all projects are down: "
                + reasons.joined(separator: "; ")
        )
        return nil
    }
}

extension RootlessError.KernelSetting {
    /// The parameter of this machine that forbids user namespaces; nil if none does.
    static func forbidding() -> Self? {
        let settings = [
            ("kernel.unprivileged_userns_clone", "0", "1"),
            ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
            ("user.max_user_namespaces", "0", "15000"),
        ]
        for (name, forbidding, permitting) in settings {
            let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
            // Kernels have only some of these.
            let value = try? FileSystem.readText(FilePath(path))
            if value?.prefix(while: \.isNumber) == forbidding[...] {
                return Self(
                    name: "\(name)=\(forbidding)",
                    remedy: "sysctl -w \(name)=\(permitting)"
                )
            }
        }
        return nil
    }
}
