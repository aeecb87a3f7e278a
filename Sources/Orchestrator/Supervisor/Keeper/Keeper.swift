import Linux
import SystemPackage

/// A process that keeps descriptors of a project's containers open while no supervisor lives: the
/// near sides of terminals, which would hang up, FIFOs, whose content would be gone with a
/// container that ends meanwhile, and pidfds, which tell how it ended.
///
/// One for each project, cloned from its supervisor while that is still small. What containers leave
/// that end meanwhile it writes down where the next supervisor looks for it. It ends when no
/// supervisor is connected and it has nothing to keep, or when the project is removed.
final class Keeper {
    /// What the two sides say, by the first byte; the container's id follows.
    enum Word {
        /// To the keeper, with a descriptor: hold it, for nobody but the kernel to see.
        static let hold = UInt8(ascii: "h")
        /// To the keeper and from it, with a descriptor: the near side of a terminal.
        static let console = UInt8(ascii: "c")
        /// To the keeper and from it, with a descriptor: the first process's pidfd.
        static let process = UInt8(ascii: "p")
        /// To the keeper: let go of everything of a container.
        static let drop = UInt8(ascii: "d")
        /// From the keeper: something of this container is held.
        static let known = UInt8(ascii: "k")
        /// From the keeper: everything has been told.
        static let complete = UInt8(ascii: ".")
    }

    /// Messages are an id and a byte.
    static let messageLimit = 256
    /// How long it waits for a dying supervisor's lock.
    private static let lockPatience = Duration.seconds(1)

    private let listener: Descriptor
    private let files: ProjectPaths
    private let name: SocketName
    private let watcher: FileWatcher
    private let loop: EventLoop
    private var kept: [String: KeptContainer] = [:]

    /// Starts one that listens where a dead one may have left its socket.
    static func start(_ files: ProjectPaths) throws(SystemCallError) -> ProcessHandle {
        let path = files.keeperSocket
        try SocketName.clear(path)
        let listener = try MessageSocket.listen(at: path)
        let number = listener.number
        return try Clone.start { run(number, files) }
    }

    private static func run(_ listener: Int32, _ files: ProjectPaths) -> Never {
        do throws(SystemCallError) {
            try CurrentProcess.startSession()
            try CurrentProcess.setName("keeper")
            CurrentProcess.renameCommand(from: SupervisorProgram.command, to: "keep")
            // Nothing of the supervisor's is held but what it hands over.
            try CurrentProcess.closeDescriptors(except: [listener])
            for stream in Int32(1)...2 { try CurrentProcess.useAsStream(0, stream) }
            try Keeper(Descriptor(owning: listener), files).serve()
            CurrentProcess.end(0)
        } catch {
            CurrentProcess.end(1)
        }
    }

    private init(
        _ listener: consuming Descriptor,
        _ files: ProjectPaths
    ) throws(SystemCallError) {
        self.listener = listener
        self.files = files
        name = try SocketName(files.keeperSocket)
        watcher = try FileWatcher()
        _ = try watcher.watch(files.run, for: .entryRemoved)
        loop = try EventLoop()
    }

    /// Returns when nobody needs it any more.
    private func serve() throws(SystemCallError) {
        try loop.watch(listener.number) { [unowned self] _ in serveSupervisor() }
        try loop.watch(watcher.descriptor.number) { [unowned self] _ in
            // Only that something has changed counts.
            _ = try? watcher.changes()
            if !name.isOurs { loop.stop() }
        }
        if name.isOurs { try loop.run() }
    }

    /// Serves one supervisor to its end; the next one, and the end of containers, waits.
    private func serveSupervisor() {
        for container in kept.values { container.process.map { loop.unwatch($0.number) } }
        do throws(SystemCallError) {
            let connection = try MessageSocket.accept(on: listener)
            for (id, container) in kept { try container.tell(id, connection) }
            try connection.send([Word.complete])
            while let message = try connection.receive(upTo: Self.messageLimit) { take(message) }
        } catch {
            // The supervisor died; the next one is told everything again.
        }
        for (id, container) in kept { watchEnd(of: id, container) }
        endIfUnneeded()
    }

    private func take(_ message: consuming MessageSocket.Message) {
        guard let word = message.bytes.first else { return }
        let id = String(decoding: message.bytes.dropFirst(), as: UTF8.self)
        if word == Word.drop {
            kept[id] = nil
        } else if let file = message.takeFile() {
            let container = kept[id] ?? KeptContainer()
            container.add(file, word)
            kept[id] = container
        }
    }

    private func watchEnd(of id: String, _ container: KeptContainer) {
        // Others may go on writing after the first process where that is not the init of them all.
        guard let process = container.process, process.isInit else { return }
        do throws(SystemCallError) {
            try loop.watch(process.number) { [unowned self, unowned container] _ in
                loop.unwatch(process.number)
                writeDown(id, container)
            }
        } catch {
            // Kept until the next supervisor asks.
        }
    }

    /// Writes down what an ended container has left, unless a supervisor lives that does so itself.
    private func writeDown(_ id: String, _ container: KeptContainer) {
        guard kept[id] === container, container.process?.hasEnded == true else { return }
        do throws(SystemCallError) {
            guard let lock = try FileLock.tryTaking(files.supervisorLock) else {
                loop.after(Self.lockPatience) { [weak self, weak container] in
                    if let container { self?.writeDown(id, container) }
                }
                return
            }
            try lock.whileHeld { () throws(SystemCallError) in
                try container.writeDown(id, files)
                kept[id] = nil
                endIfUnneeded()
            }
        } catch {
            // Where it cannot be written it is kept until the next supervisor asks.
        }
    }

    private func endIfUnneeded() {
        guard kept.isEmpty else { return }
        // Who finds a socket without anybody behind it removes it.
        name.remove()
        loop.stop()
    }
}
