import Linux
import SystemPackage

/// The process that creates a user's mount and network namespaces and becomes the holder.
struct HolderChild {
    /// To the child: its ids are mapped.
    static let mapped = UInt8(ascii: "m")
    /// From the child, with the id of a process in the network namespace.
    static let separated = UInt8(ascii: "n")
    /// To the child, with the pidfd of the uplink if there is one: become the holder.
    static let connected = UInt8(ascii: "c")
    /// From the child, with an encoded error.
    static let failed = UInt8(ascii: "e")

    let directory: FilePath
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
        try separateMounts()
        let listener = try MessageSocket.listen(
            at: directory.appending(HolderLaunch.socketName)
        )
        let lock = try Descriptor.open(
            directory.appending(HolderLaunch.lockName),
            .readingAndWriting
        )
        let place = try Descriptor.open(directory, [.pathOnly, .directory])
        try CurrentProcess.changeDirectory(to: "/")
        let network = try UserNetwork()
        try connection.send([Self.separated] + Self.bytes(of: network.visitor))
        guard let answer = try connection.receive(), answer.bytes == [Self.connected] else {
            CurrentProcess.end(1)
        }
        let namespace = try network.takeNamespace()
        let limits = try ResourceLimit.nofile.get()
        try ResourceLimit.nofile.set(soft: limits.hard, hard: limits.hard)
        try CurrentProcess.blockSignals()
        let program = try HolderProgram()
        throw program.execute(
            .init(
                listener: listener.number,
                network: namespace.number,
                lock: lock.number,
                directory: place.number,
                uplink: answer.files.numbers.first ?? -1
            ),
            removing: [HolderLaunch.socketName, Uplink.processFile]
        )
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
