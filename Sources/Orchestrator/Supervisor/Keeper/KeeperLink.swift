import Linux
import SystemPackage

/// A supervisor's connection to the keeper of its project.
///
/// If there is no keeper, nothing fails, but a supervisor's death may lose output and exit
/// statuses.
final class KeeperLink {
    /// The descriptors that an earlier supervisor registered for a container.
    private struct Remains {
        let console = DescriptorList()
        let process = DescriptorList()
        var hasProcess = false
    }

    private let files: ProjectPaths
    private let arguments: [String]
    private let loop: EventLoop
    private var connection: MessageSocket?
    /// Nil if an earlier supervisor started the keeper.
    private var process: ProcessHandle?
    private var remains: [String: Remains] = [:]
    /// Called when a killed keeper has been replaced by one that holds nothing yet.
    var onRenewal: () -> Void = {}

    /// Connects to the project's keeper, or starts one. `arguments` are those of the command with
    /// which it can start the next supervisor.
    init(_ files: ProjectPaths, arguments: [String], loop: EventLoop) {
        self.files = files
        self.arguments = arguments
        self.loop = loop
        open()
    }

    /// Makes the keeper hold a container's FIFOs and terminal open.
    func keep(_ container: String, fifos: [Int32], console: Int32?) {
        for fifo in fifos { send(Keeper.Word.hold, container, fifo) }
        if let console { send(Keeper.Word.console, container, console) }
    }

    /// Makes the keeper hold the pidfd of a container's first process open.
    func keep(_ container: String, process: Int32) {
        send(Keeper.Word.process, container, process)
    }

    /// Makes the keeper close all descriptors of a container that awaits its restart, and replace a
    /// killed supervisor until then.
    func awaitRestart(of container: String) {
        remains[container] = nil
        send(Keeper.Word.waiting, container, -1)
    }

    /// Makes the keeper start no other supervisor when this one ends.
    func sayFarewell() { send(Keeper.Word.farewell, "", -1) }

    /// Makes the keeper close all descriptors of a container.
    func drop(_ container: String) {
        remains[container] = nil
        send(Keeper.Word.drop, container, -1)
    }

    /// Makes the keeper close the descriptors of all containers except these.
    func dropAll(but containers: some Sequence<String>) {
        for container in Set(remains.keys).subtracting(containers) { drop(container) }
    }

    /// Removes and returns the master side of a container's terminal that an earlier supervisor left.
    func takeConsole(of container: String) -> Descriptor? {
        remains[container]?.console.takeFirst()
    }

    /// The exit status of a container's first process that ended without a supervisor, if the kernel
    /// still has it.
    func exitStatus(of container: String, pid: Int32) -> ExitStatus? {
        guard let pidfd = remains[container]?.process.takeFirst() else { return nil }
        return ProcessHandle(pid: pid, owning: pidfd).exitStatusOfNonChild()
    }

    /// Whether the keeper holds all descriptors of a container from an earlier supervisor, which
    /// registers the process last.
    func knows(_ container: String) -> Bool { remains[container]?.hasProcess == true }

    private func open() {
        attempt { () throws(SystemCallError) in
            if try !connect() {
                process = try Keeper.start(files, arguments: arguments)
                _ = try connect()
            }
        }
    }

    /// Returns false if no keeper listens, or if it is just ending.
    private func connect() throws(SystemCallError) -> Bool {
        do throws(SystemCallError) {
            let socket = try MessageSocket.connect(to: files.keeperSocket)
            while var message = try socket.receive(upTo: Keeper.messageLimit) {
                if message.bytes == [Keeper.Word.complete] {
                    // The keeper sends nothing more, so the descriptor becomes readable only when
                    // it exits.
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
        var known = remains[container] ?? Remains()
        if let file = message.takeFile() {
            if message.bytes.first == Keeper.Word.console {
                known.console.append(file)
            } else {
                known.process.append(file)
                known.hasProcess = true
            }
        }
        remains[container] = known
    }

    private func renew() {
        forget()
        // Reaps the keeper if it was a child of this supervisor.
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
            // The exit of a killed keeper is reported by the end of its connection.
            if error.reason != .brokenPipe { forget() }
        }
    }
}
