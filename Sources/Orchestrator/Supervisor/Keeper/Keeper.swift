import Linux
import SystemPackage

/// A process that holds descriptors of a project's containers open across supervisors: the master
/// sides of terminals, which would hang up; FIFOs, whose content would be lost with a container that
/// exits; and pidfds, from which its exit status can be read.
///
/// There is one for each project, cloned from its supervisor while that is still small. When the
/// supervisor dies, the keeper starts the next one, unless the supervisor was asked to end. While none
/// runs, it saves output and exit status of the containers that exit for the next one. It ends when no
/// supervisor is connected and it holds nothing, or when the project is removed.
final class Keeper {
    /// The kinds of messages in both directions: the first byte; the container's id follows.
    enum Word {
        /// To the keeper, with a descriptor: hold it open.
        static let hold = UInt8(ascii: "h")
        /// To the keeper and from it, with a descriptor: the master side of a terminal.
        static let console = UInt8(ascii: "c")
        /// To the keeper and from it, with a descriptor: the first process's pidfd.
        static let process = UInt8(ascii: "p")
        /// To the keeper: close all descriptors of a container that awaits its restart, for which a
        /// supervisor must run.
        static let waiting = UInt8(ascii: "w")
        /// To the keeper: the supervisor was asked to end, so the next one is a command's to start.
        static let farewell = UInt8(ascii: "q")
        /// To the keeper: close all descriptors of a container.
        static let drop = UInt8(ascii: "d")
        /// From the keeper: it holds descriptors of this container.
        static let known = UInt8(ascii: "k")
        /// From the keeper: the list of held descriptors is complete.
        static let complete = UInt8(ascii: ".")
    }

    /// The size of a message in bytes, at most; it consists of a byte and an id.
    static let messageLimit = 256
    /// How long to wait before trying the lock of a dying supervisor again.
    private static let lockPatience = Duration.milliseconds(20)
    private static let longestPatience = Duration.seconds(1)

    private let listener: Descriptor
    /// The arguments of the hidden command that runs the project's supervisor.
    private let arguments: [String]
    private let files: ProjectPaths
    private let name: SocketName
    private let watcher: FileWatcher
    private let loop: EventLoop
    private var kept: [String: KeptContainer] = [:]
    private let clock = ContinuousClock()
    private var revival = Revival()
    private var revivalTimer: EventLoop.Timer?
    /// The last supervisor ended because a signal asked it to.
    private var isDismissed = false
    /// The supervisor that this keeper has started, until it has been reaped.
    private var supervisor: ProcessHandle?

    /// Starts a keeper, replacing the socket of a killed one.
    static func start(
        _ files: ProjectPaths,
        arguments: [String]
    ) throws(SystemCallError) -> ProcessHandle {
        let path = files.keeperSocket
        try SocketName.clear(path)
        let listener = try MessageSocket.listen(at: path)
        let number = listener.number
        return try Clone.start { run(number, files, arguments) }
    }

    private static func run(
        _ listener: Int32,
        _ files: ProjectPaths,
        _ arguments: [String]
    ) -> Never {
        do throws(SystemCallError) {
            try CurrentProcess.startSession()
            try CurrentProcess.setName("keeper")
            CurrentProcess.renameCommand(from: SupervisorProgram.command, to: "keep")
            // Inherited descriptors are closed; the supervisor sends those to be held.
            try CurrentProcess.closeDescriptors(except: [listener])
            for stream in Int32(1)...2 { try CurrentProcess.useAsStream(0, stream) }
            // The containers need the user's namespaces while no supervisor runs.
            if let holder = UserNamespace.holder { try NamespaceHolder(at: holder).stay() }
            try Keeper(Descriptor(owning: listener), files, arguments).serve()
            CurrentProcess.end(0)
        } catch {
            CurrentProcess.end(1)
        }
    }

    private init(
        _ listener: consuming Descriptor,
        _ files: ProjectPaths,
        _ arguments: [String]
    ) throws(SystemCallError) {
        self.listener = listener
        self.arguments = arguments
        self.files = files
        name = try SocketName(files.keeperSocket)
        watcher = try FileWatcher()
        _ = try watcher.watch(files.run, for: .entryRemoved)
        loop = try EventLoop()
    }

    /// Returns when the keeper is no longer needed.
    private func serve() throws(SystemCallError) {
        try loop.watch(listener.number) { [unowned self] _ in serveSupervisor() }
        try loop.watch(watcher.descriptor.number) { [unowned self] _ in
            // The changes themselves do not matter.
            _ = try? watcher.changes()
            if !name.isOurs { loop.stop() }
        }
        if name.isOurs { try loop.run() }
    }

    /// Serves one supervisor until it ends. The next one, and exited containers, wait.
    private func serveSupervisor() {
        for container in kept.values { container.process.map { loop.unwatch($0.number) } }
        if let revivalTimer { loop.cancel(revivalTimer) }
        revivalTimer = nil
        isDismissed = false
        let start = clock.now
        do throws(SystemCallError) {
            let connection = try MessageSocket.accept(on: listener)
            for (id, container) in kept { try container.send(id, connection) }
            try connection.send([Word.complete])
            while let message = try connection.receive(upTo: Self.messageLimit) { take(message) }
        } catch {
            // The supervisor died; the next one gets everything again.
        }
        for (id, container) in kept { watchEnd(of: id, container) }
        endIfUnneeded()
        revival.supervisorEnded(after: clock.now - start)
        reviveLater()
    }

    /// Starts the next supervisor, unless a command is already doing so.
    private func reviveLater() {
        guard !kept.isEmpty, revivalTimer == nil, let delay = nextRevival else { return }
        wait(delay, thenStart: Self.lockPatience)
    }

    /// The delay until the next supervisor is started; nil if that is left to a command.
    private var nextRevival: Duration? { isDismissed ? nil : revival.delay }

    private func wait(_ delay: Duration, thenStart patience: Duration) {
        revivalTimer = loop.after(delay) { [unowned self] in
            revivalTimer = nil
            guard !kept.isEmpty, name.isOurs else { return }
            do throws(SystemCallError) {
                if try !startSupervisor() {
                    // A supervisor that is exiting still holds the lock for a moment.
                    wait(patience, thenStart: min(patience * 2, Self.longestPatience))
                }
            } catch {
                supervisorFailed()
            }
        }
    }

    /// Returns false while another supervisor runs or is being started.
    private func startSupervisor() throws(SystemCallError) -> Bool {
        guard let lock = try FileLock.tryTaking(files.startingLock) else { return false }
        let lockNumber = lock.number
        return try lock.whileHeld { () throws(SystemCallError) in
            guard let other = try FileLock.tryTaking(files.supervisorLock) else { return false }
            other.whileHeld {}
            try startSupervisor(holding: lockNumber)
            return true
        }
    }

    /// Starts a supervisor that holds the inherited lock until it reports readiness, so that no
    /// command starts another.
    private func startSupervisor(holding lock: Int32) throws(SystemCallError) {
        forgetSupervisor()
        let null = try Descriptor.open("/dev/null", .readingAndWriting)
        let log = try Descriptor.open(
            files.supervisorLog,
            [.writing, .creating, .appending],
            mode: 0o600
        )
        let process = try ChildProgram.startDetached(
            "/proc/self/exe",
            arguments: arguments,
            descriptors: [null.number, log.number, log.number, lock],
            inNewSession: true
        )
        let number = process.descriptor.number
        supervisor = consume process
        try loop.watch(number) { [unowned self] _ in
            forgetSupervisor()
            supervisorFailed()
        }
    }

    private func forgetSupervisor() {
        if let number = supervisor?.descriptor.number { loop.unwatch(number) }
        // Reaps it.
        _ = try? supervisor?.poll()
        supervisor = nil
    }

    /// Increases the delay for each supervisor that ends before it connects. One that had connected
    /// has already been replaced.
    private func supervisorFailed() {
        guard revivalTimer == nil else { return }
        revival.supervisorEnded(after: .zero)
        reviveLater()
    }

    private func take(_ message: consuming MessageSocket.Message) {
        guard let word = message.bytes.first else { return }
        let id = String(decoding: message.bytes.dropFirst(), as: UTF8.self)
        if word == Word.drop {
            kept[id] = nil
        } else if word == Word.waiting {
            kept[id] = KeptContainer()
        } else if word == Word.farewell {
            isDismissed = true
        } else if let file = message.takeFile() {
            let container = kept[id] ?? KeptContainer()
            container.add(file, word)
            kept[id] = container
        }
    }

    private func watchEnd(of id: String, _ container: KeptContainer) {
        // Unless the process is PID 1 of its namespace, others may outlive it and keep writing.
        guard let process = container.process, process.isInit else { return }
        do throws(SystemCallError) {
            try loop.watch(process.number) { [unowned self, unowned container] _ in
                loop.unwatch(process.number)
                save(id, container)
            }
        } catch {
            // Held until the next supervisor connects.
        }
    }

    /// Saves output and status of an exited container, unless a supervisor runs, which does so itself.
    private func save(_ id: String, _ container: KeptContainer) {
        guard kept[id] === container, container.process?.hasEnded == true else { return }
        do throws(SystemCallError) {
            guard let lock = try FileLock.tryTaking(files.supervisorLock) else {
                loop.after(Self.lockPatience) { [weak self, weak container] in
                    if let container { self?.save(id, container) }
                }
                return
            }
            try lock.whileHeld { () throws(SystemCallError) in
                try container.save(id, files)
                // The next supervisor finishes the run, and restarts the container if it has to.
                kept[id] = nextRevival == nil ? nil : KeptContainer()
                endIfUnneeded()
            }
        } catch {
            // If they cannot be written, the descriptors are held until the next supervisor
            // connects.
        }
    }

    private func endIfUnneeded() {
        guard kept.isEmpty else { return }
        // A socket without a listener is removed by the client that finds it.
        name.remove()
        loop.stop()
    }
}
