import Linux
import SystemPackage

/// The process that creates a user's mount and network namespaces, or joins those of `survivors`, and
/// becomes the holder.
struct HolderChild {
    /// To the child: its ids are mapped, if they are new.
    static let mapped = UInt8(ascii: "m")
    /// From the child, with the id of a process in the network namespace.
    static let separated = UInt8(ascii: "n")
    /// To the child, with the pidfd of the uplink if there is one: become the holder.
    static let connected = UInt8(ascii: "c")
    /// From the child, with an encoded error.
    static let failed = UInt8(ascii: "e")

    let directory: FilePath
    /// Processes in the namespaces of a holder that was killed; empty for new namespaces.
    let survivors: [Int32]
    /// The connection to the process that started this one.
    let socket: Int32

    func run() -> Never {
        let connection = MessageSocket(owning: Descriptor(owning: socket))
        do throws(SystemCallError) {
            try becomeHolder(connection)
        } catch {
            // A starter that is gone needs no message.
            try? connection.send([Self.failed] + error.encoded)
        }
        CurrentProcess.end(1)
    }

    private func becomeHolder(_ connection: borrowing MessageSocket) throws(SystemCallError) {
        try CurrentProcess.startSession()
        try CurrentProcess.closeDescriptors(except: [socket])
        let null = try Descriptor.open("/dev/null", .readingAndWriting)
        for stream in Int32(0)...2 { try CurrentProcess.useAsStream(null.number, stream) }
        guard try connection.receive()?.bytes == [Self.mapped] else { CurrentProcess.end(1) }
        if let survivor = survivors.first {
            try Namespaces([.user, .mount]).join(ProcessHandle(pid: survivor))
        } else {
            try separateMounts()
        }
        let files = try Files(directory)
        try CurrentProcess.changeDirectory(to: "/")
        if let survivor = survivors.first {
            let uplink = try uplink(of: survivor, connection)
            try execute(files, NetworkNamespace.of(pid: survivor), uplink)
        } else {
            let network = try UserNetwork()
            let uplink = try uplink(of: network.visitor, connection)
            try execute(files, network.takeNamespace(), uplink)
        }
    }

    /// Returns the pidfd of the process that connects the network of process `pid`; empty if there is
    /// none.
    private func uplink(
        of pid: Int32,
        _ connection: borrowing MessageSocket
    ) throws(SystemCallError) -> DescriptorList {
        try connection.send([Self.separated] + Self.bytes(of: pid))
        guard let answer = try connection.receive(), answer.bytes == [Self.connected] else {
            CurrentProcess.end(1)
        }
        return answer.files
    }

    private func execute(
        _ files: borrowing Files,
        _ network: borrowing Descriptor,
        _ uplink: DescriptorList
    ) throws(SystemCallError) {
        let limits = try ResourceLimit.nofile.get()
        try ResourceLimit.nofile.set(soft: limits.hard, hard: limits.hard)
        try CurrentProcess.blockSignals()
        let program = try HolderProgram()
        let users = DescriptorList()
        for pid in survivors {
            // A process that has exited uses nothing.
            guard let process = try? ProcessHandle(pid: pid) else { continue }
            users.append(try Descriptor.duplicating(process.descriptor.number, atLeast: 3))
        }
        let failure = program.execute(
            .init(
                listener: files.listener.number,
                network: network.number,
                lock: files.lock.number,
                directory: files.place.number,
                uplink: uplink.numbers.first ?? -1,
                survivors: users.numbers
            ),
            removing: [HolderLaunch.socketName, Uplink.processFile, Survivor.record]
        )
        withExtendedLifetime(users) {}
        throw failure
    }

    /// What a holder needs of its directory, which it cannot reach later by name.
    private struct Files: ~Copyable {
        let listener: Descriptor
        let lock: Descriptor
        let place: Descriptor

        init(_ directory: FilePath) throws(SystemCallError) {
            let made = try MessageSocket.listen(at: directory.appending(HolderLaunch.socketName))
            let locked = try Descriptor.open(
                directory.appending(HolderLaunch.lockName),
                .readingAndWriting
            )
            place = try Descriptor.open(directory, [.pathOnly, .directory])
            listener = made
            lock = locked
        }
    }

    /// Creates the mount namespace, in which name servers are asked through the uplink: those of the
    /// host may listen at a loopback address.
    private func separateMounts() throws(SystemCallError) {
        try Namespaces.mount.unshare()
        try Mount.change("/", propagation: .slave, recursively: true)
        let file = directory.appending("resolv.conf")
        guard FileSystem.exists("/etc/resolv.conf") else { return }
        let lines = try FileSystem.readText("/etc/resolv.conf").split(separator: "\n")
        let kept = lines.filter { !$0.hasPrefix("nameserver") && !$0.hasPrefix("#") }
        let text = (["nameserver \(Uplink.nameServer)"] + kept.map(String.init))
            .map { "\($0)\n" }.joined()
        try AtomicFile.write(Array(text.utf8), to: file, flushing: false)
        try DetachedMount(copying: file, recursively: false).attach(to: "/etc/resolv.conf")
    }

    private static func bytes(of number: Int32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
}

/// A new network namespace with a process in it, by way of which the uplink joins it.
private struct UserNetwork: ~Copyable {
    private let process: WaitingProcess
    private let namespace: Descriptor

    var visitor: Int32 { process.handle.pid }

    init() throws(SystemCallError) {
        let first = try WaitingProcess(in: .network) { () throws(SystemCallError) in
            try CurrentProcess.bringUp(interface: "lo")
        }
        namespace = try NetworkNamespace.of(pid: first.handle.pid)
        process = first
    }

    /// Ends the process and returns the namespace.
    consuming func takeNamespace() throws(SystemCallError) -> Descriptor {
        try process.handle.send(.kill)
        _ = try process.handle.wait()
        return namespace
    }
}
