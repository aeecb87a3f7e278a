import Linux
import SystemPackage

/// A process that keeps descriptors of a project's containers open while no supervisor lives: the
/// near sides of terminals, which would hang up, FIFOs, whose content would be gone with a
/// container that ends meanwhile, and pidfds, which tell how it ended.
///
/// One for each project, cloned from its supervisor while that is still small; it waits and does
/// nothing else. It ends when no supervisor is connected and it has nothing to keep, or when the
/// project is removed.
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

    private final class Held {
        let descriptor: Descriptor
        let word: UInt8

        init(_ descriptor: consuming Descriptor, _ word: UInt8) {
            self.descriptor = descriptor
            self.word = word
        }
    }

    private let listener: Descriptor
    private let path: FilePath
    private let inode: UInt64
    private let watcher: FileWatcher
    private var held: [String: [Held]] = [:]

    /// Starts one that listens at `path`, where a dead one may have left its socket.
    static func start(at path: FilePath) throws(SystemCallError) -> ProcessHandle {
        if FileSystem.exists(path) { try FileSystem.removeFile(path) }
        let listener = try MessageSocket.listen(at: path)
        let number = listener.number
        return try Clone.start { run(number, path) }
    }

    private static func run(_ listener: Int32, _ path: FilePath) -> Never {
        do throws(SystemCallError) {
            try CurrentProcess.startSession()
            try CurrentProcess.setName("keeper")
            CurrentProcess.renameCommand(from: SuperviseCommand.name, to: "keep")
            // Nothing of the supervisor's is held but what it hands over.
            try CurrentProcess.closeDescriptors(except: [listener])
            for stream in Int32(1)...2 { try CurrentProcess.useAsStream(0, stream) }
            let keeper = try Keeper(Descriptor(owning: listener), path)
            try keeper.serve()
            CurrentProcess.end(0)
        } catch {
            CurrentProcess.end(1)
        }
    }

    private init(
        _ listener: consuming Descriptor,
        _ path: FilePath
    ) throws(SystemCallError) {
        self.listener = listener
        self.path = path
        inode = try FileSystem.status(of: path).inode
        watcher = try FileWatcher()
        _ = try watcher.watch(path.removingLastComponent(), for: .entryRemoved)
    }

    /// One supervisor after the other; returns when nobody needs it any more.
    private func serve() throws(SystemCallError) {
        while isReachable {
            let ready = try Readiness.wait(for: [listener.number, watcher.descriptor.number])
            _ = try watcher.changes()
            guard ready.contains(0) else { continue }
            let connection = try MessageSocket.accept(on: listener)
            do throws(SystemCallError) {
                try tell(connection)
                while let message = try connection.receive(upTo: Self.messageLimit) {
                    take(message)
                }
            } catch {
                // The supervisor died; the next one is told everything again.
            }
            if held.isEmpty, isReachable { return try FileSystem.removeFile(path) }
        }
    }

    /// False once the project was removed, and perhaps made anew.
    private var isReachable: Bool {
        // What cannot be looked at is gone.
        (try? FileSystem.status(of: path))?.inode == inode
    }

    private func tell(_ connection: borrowing MessageSocket) throws(SystemCallError) {
        for (container, kept) in held {
            try connection.send([Word.known] + container.utf8)
            for one in kept where one.word != Word.hold {
                try connection.send([one.word] + container.utf8, with: one.descriptor)
            }
        }
        try connection.send([Word.complete])
    }

    private func take(_ message: consuming MessageSocket.Message) {
        guard let word = message.bytes.first else { return }
        let container = String(decoding: message.bytes.dropFirst(), as: UTF8.self)
        if word == Word.drop {
            held[container] = nil
        } else if let file = message.takeFile() {
            held[container, default: []].append(Held(file, word))
        }
    }
}
