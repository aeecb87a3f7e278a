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
    /// From the child: error number, call and subject.
    static let failed = UInt8(ascii: "e")

    let directory: FilePath
    /// The connection to the process that started this one.
    let socket: Int32

    func run() -> Never {
        let connection = MessageSocket(owning: Descriptor(owning: socket))
        do throws(SystemCallError) {
            try becomeHolder(connection)
        } catch {
            let text = "\(error.reason.rawValue)\0\(error.call)\0\(error.subject)"
            // A starter that is gone needs no message.
            try? connection.send([Self.failed] + Array(text.utf8))
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
        try connection.send([Self.separated] + Self.bytes(of: network.visitor.pid))
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
    let visitor: ProcessHandle
    private let namespace: Descriptor
    /// Its end is the end of the process too, if this one is killed.
    private let life: Descriptor

    init() throws(SystemCallError) {
        let ready = try Pipe()
        let end = try Pipe()
        let (readyNumber, endNumber) = (ready.writeEnd.number, end.readEnd.number)
        let process = try Clone.start(.network) {
            do throws(SystemCallError) {
                // Its own copy would keep the pipe open.
                try CurrentProcess.closeDescriptors(except: [readyNumber, endNumber])
                try CurrentProcess.bringUp(interface: "lo")
                try Descriptor.write([1], to: readyNumber)
                _ = try Descriptor.read(from: endNumber, upTo: 1)
            } catch {
                CurrentProcess.end(1)
            }
            CurrentProcess.end(0)
        }
        let answers = ready.takeReadEnd()
        guard try !answers.read(upTo: 1).isEmpty else {
            throw SystemCallError(call: "ioctl SIOCSIFFLAGS", subject: "lo", reason: .notPermitted)
        }
        namespace = try NetworkNamespace.of(pid: process.pid)
        visitor = process
        life = end.takeWriteEnd()
    }

    /// Ends the process and returns the namespace.
    consuming func takeNamespace() throws(SystemCallError) -> Descriptor {
        try visitor.send(.kill)
        _ = try visitor.wait()
        return namespace
    }
}
