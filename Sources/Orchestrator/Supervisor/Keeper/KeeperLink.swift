import Linux
import SystemPackage

/// A supervisor's connection with the keeper of its project.
///
/// Without a keeper everything goes on; only a supervisor's sudden death costs more then.
final class KeeperLink {
    /// What an earlier supervisor left of a container.
    private struct Remains {
        let console = DescriptorList()
        let process = DescriptorList()
    }

    private let files: ProjectPaths
    private let loop: EventLoop
    private var connection: MessageSocket?
    /// Nil for one that an earlier supervisor started.
    private var process: ProcessHandle?
    private var remains: [String: Remains] = [:]
    /// Called when the keeper was killed and there is another one that has nothing yet.
    var onRenewal: () -> Void = {}

    /// Finds the project's keeper, or starts one.
    init(_ files: ProjectPaths, loop: EventLoop) {
        self.files = files
        self.loop = loop
        open()
    }

    /// Has a container's FIFOs and terminal kept from now on.
    func keep(_ container: String, fifos: [Int32], console: Int32?) {
        for fifo in fifos { send(Keeper.Word.hold, container, fifo) }
        if let console { send(Keeper.Word.console, container, console) }
    }

    /// Has the pidfd of a container's first process kept from now on.
    func keep(_ container: String, process: Int32) {
        send(Keeper.Word.process, container, process)
    }

    /// What is kept of a container is needed no more.
    func drop(_ container: String) {
        remains[container] = nil
        send(Keeper.Word.drop, container, -1)
    }

    /// Lets go of all containers but these.
    func dropAll(but containers: some Sequence<String>) {
        for container in Set(remains.keys).subtracting(containers) { drop(container) }
    }

    /// The near side of a container's terminal as an earlier supervisor left it, once.
    func takeConsole(of container: String) -> Descriptor? {
        remains[container]?.console.takeFirst()
    }

    /// How a container's first process ended while nobody watched, where the kernel tells.
    func exitStatus(of container: String, pid: Int32) -> ExitStatus? {
        guard let pidfd = remains[container]?.process.takeFirst() else { return nil }
        return ProcessHandle(pid: pid, owning: pidfd).exitStatusOfNonChild()
    }

    /// Whether the keeper has a container's descriptors from an earlier supervisor.
    func knows(_ container: String) -> Bool { remains[container] != nil }

    private func open() {
        attempt { () throws(SystemCallError) in
            if try !connect() {
                process = try Keeper.start(files)
                _ = try connect()
            }
        }
    }

    /// False when nobody listens, or who listened was just ending.
    private func connect() throws(SystemCallError) -> Bool {
        do throws(SystemCallError) {
            let socket = try MessageSocket.connect(to: files.keeperSocket)
            while var message = try socket.receive(upTo: Keeper.messageLimit) {
                if message.bytes == [Keeper.Word.complete] {
                    // It says no more, so only its end can be heard.
                    try loop.watch(socket.descriptor.number) { [unowned self] _ in renew() }
                    connection = consume socket
                    return true
                }
                take(&message)
            }
            return false
        } catch {
            let absent: [Errno] = [.noSuchFileOrDirectory, .connectionRefused]
            if absent.contains(error.reason) { return false }
            throw error
        }
    }

    private func take(_ message: inout MessageSocket.Message) {
        let container = String(decoding: message.bytes.dropFirst(), as: UTF8.self)
        let known = remains[container] ?? Remains()
        if let file = message.takeFile() {
            if message.bytes.first == Keeper.Word.console {
                known.console.append(file)
            } else {
                known.process.append(file)
            }
        }
        remains[container] = known
    }

    private func renew() {
        forget()
        // As its parent we may be the one to clear it away.
        _ = try? process?.poll()
        open()
        if connection != nil { onRenewal() }
    }

    private func forget() {
        if let number = connection?.descriptor.number { loop.unwatch(number) }
        connection = nil
    }

    private func send(_ word: UInt8, _ container: String, _ file: Int32) {
        attempt { () throws(SystemCallError) in
            try connection?.send([word] + container.utf8, file: file)
        }
    }

    private func attempt(_ body: () throws(SystemCallError) -> Void) {
        do throws(SystemCallError) {
            try body()
        } catch {
            SupervisorLog.write(
                "keeper unavailable: terminals and output are lost if the supervisor dies: \(error)"
            )
            // One that was killed is told by the end of its connection.
            if error.reason != .brokenPipe { forget() }
        }
    }
}
