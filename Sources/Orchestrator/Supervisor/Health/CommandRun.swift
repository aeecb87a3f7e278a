import ContainerRuntime
import Linux
import OCI

/// One command run inside a container by the supervisor: a hook or a probe.
final class CommandRun {
    /// A command and its limits.
    struct Request {
        var command: [String]
        var user: String?
        var workingDirectory: String?
        /// Added to the container's own.
        var environment: [String] = []
        var isPrivileged = false
        /// The time limit; nil if unlimited.
        var limit: Duration?
        /// How many bytes of its output are kept, from the beginning.
        var outputLimit = 4096
        /// Receives all of its output as it arrives.
        var onOutput: ([UInt8]) -> Void = { _ in }
    }

    /// The result of a command.
    enum Outcome {
        case ended(ExitStatus, output: [UInt8])
        case timedOut
        case notStarted(String)
    }

    private let loop: EventLoop
    private let process: ProcessHandle
    private let group: Cgroup?
    private let pipe: Descriptor
    private let outputLimit: Int
    private let onOutput: ([UInt8]) -> Void
    private var output: [UInt8] = []
    private var timer: EventLoop.Timer?
    private var finish: ((Outcome) -> Void)?
    /// Its process has exited and been reaped; one that was killed may take its time.
    private(set) var hasExited = false
    /// Called when a killed process has been reaped.
    var onReaped: () -> Void = {}

    /// Watches a process whose output comes through `pipe`.
    init(
        _ process: consuming ProcessHandle,
        group: Cgroup?,
        pipe: consuming Descriptor,
        request: Request,
        loop: EventLoop,
        finish: @escaping (Outcome) -> Void
    ) throws(SystemCallError) {
        self.process = process
        self.group = group
        self.pipe = pipe
        self.loop = loop
        self.finish = finish
        outputLimit = request.outputLimit
        onOutput = request.onOutput
        try self.pipe.setNonBlocking(true)
        try loop.watch(self.pipe.number) { [self] _ in drain() }
        try loop.watch(self.process.descriptor.number) { [self] _ in processEnded() }
        if let limit = request.limit {
            timer = loop.after(limit) { [unowned self] in
                timer = nil
                kill()
                end(.timedOut)
            }
        }
    }

    /// Kills it without reporting an outcome.
    func abandon() {
        guard finish != nil else { return }
        kill()
        end(nil)
    }

    /// Kills it with all its descendants: those that left its process group are still in its
    /// control group.
    private func kill() {
        // Without a control group the process group reaches nearly as far.
        try? group?.killAll()
        ProcessGroup.kill(ledBy: process.pid)
        // It may have exited by itself.
        try? process.send(.kill)
    }

    private func processEnded() {
        drain()
        let status: ExitStatus
        do throws(SystemCallError) {
            guard let ended = try process.poll() else { return }
            hasExited = true
            status = ended
        } catch {
            return end(.notStarted("\(error)"))
        }
        // Its descendants stay in the container, or in this group if they cannot be moved.
        _ = try? group?.dissolve()
        end(.ended(status, output: output))
    }

    private func drain() {
        do throws(SystemCallError) {
            while true {
                let piece = try pipe.read()
                if piece.isEmpty { return loop.unwatch(pipe.number) }
                onOutput(piece)
                output += piece.prefix(max(0, outputLimit - output.count))
            }
        } catch {
            // Nothing to read at present.
        }
    }

    private func end(_ outcome: Outcome?) {
        loop.unwatch(pipe.number)
        if let timer { loop.cancel(timer) }
        let finish = self.finish
        self.finish = nil
        if case .ended = outcome {
            loop.unwatch(process.descriptor.number)
        } else if finish != nil {
            // A killed one is reaped as soon as it has exited.
            reapLater()
        }
        if let outcome { finish?(outcome) }
    }

    private func reapLater() {
        loop.unwatch(process.descriptor.number)
        // Without the watch the process remains a zombie, which is harmless.
        try? loop.watch(process.descriptor.number) { [self] _ in
            loop.unwatch(process.descriptor.number)
            _ = try? process.poll()
            hasExited = true
            onReaped()
        }
    }
}
