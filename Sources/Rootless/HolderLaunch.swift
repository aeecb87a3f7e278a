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
        let survivors = try RootlessError.during(
            "find the user's namespaces",
            Survivor.all(in: directory)
        )
        if !survivors.isEmpty { return try recover(survivors) }
        let mapping = try IDMapping(user: user, group: group, name: name, path: path)
        let uplinks = try Uplink.choices(path: path, directory: directory)
        try RootlessError.during("remove a killed holder's files", removeLeftovers())
        try start(survivors: []) { (child, socket) throws(RootlessError) in
            try mapping.apply(to: child, messagesIn: directory)
            try finish(child, socket, uplinks)
        }
    }

    /// Starts another holder for namespaces whose holder was killed.
    private func recover(_ survivors: [Int32]) throws(RootlessError) {
        let uplinks = try Uplink.choices(path: path, directory: directory)
        try RootlessError.during("remove a killed holder's socket", removeSocket())
        try start(survivors: survivors) { (child, socket) throws(RootlessError) in
            try finish(child, socket, uplinks)
        }
    }

    /// Starts the process that becomes the holder, and calls `body` with its id and a connection.
    private func start(
        survivors: [Int32],
        _ body: (Int32, borrowing MessageSocket) throws(RootlessError) -> Void
    ) throws(RootlessError) {
        let (ours, theirs) = try RootlessError.during(
            "create the user's namespaces",
            MessageSocket.pair()
        )
        let socket = MessageSocket(owning: Descriptor(owning: ours))
        let child = try clone(Descriptor(owning: theirs), survivors)
        do throws(RootlessError) {
            try body(child.pid, socket)
        } catch {
            // It exits by itself, since nothing answers it any more.
            try? child.send(.kill)
            if survivors.isEmpty { try? removeLeftovers() }
            throw error
        }
    }

    private func removeSocket() throws(SystemCallError) {
        let socket = directory.appending(Self.socketName)
        if FileSystem.exists(socket) { try FileSystem.removeFile(socket) }
    }

    private func removeLeftovers() throws(SystemCallError) {
        try Uplink.removeLeftover(in: directory)
        try removeSocket()
        let record = directory.appending(Survivor.record)
        if FileSystem.exists(record) { try FileSystem.removeFile(record) }
    }

    /// `socket` is the child's end of the connection.
    private func clone(
        _ socket: consuming Descriptor,
        _ survivors: [Int32]
    ) throws(RootlessError) -> ProcessHandle {
        let number = socket.number
        do throws(SystemCallError) {
            return try Clone.start(survivors.isEmpty ? .user : []) {
                HolderChild(directory: directory, survivors: survivors, socket: number).run()
            }
        } catch {
            throw RootlessError(.namespacesForbidden(error, setting: .forbidding()))
        }
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
        try RootlessError.during(
            "record the user's namespaces",
            Survivor.write(owner: owner, network: pid, in: directory)
        )
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
        guard message.first == HolderChild.failed,
            let error = SystemCallError(encoded: message.dropFirst())
        else { return RootlessError(.holderEnded) }
        // AppArmor lets a program create a user namespace, but not use it.
        if [.notPermitted, .permissionDenied].contains(error.reason),
            let setting = KernelSetting.forbidding()
        {
            return RootlessError(.namespacesForbidden(error, setting: setting))
        }
        return RootlessError(.refused(doing: "create the user's namespaces", error))
    }

    /// Nil, with a warning, if no program can connect the namespace, as on a machine without any
    /// network.
    private func connect(_ uplinks: [Uplink], owner: Int32, network: Int32) -> ProcessHandle? {
        if let running = Uplink.running(in: directory) { return running }
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
