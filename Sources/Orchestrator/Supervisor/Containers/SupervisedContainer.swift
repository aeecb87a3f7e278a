import ContainerNetwork
import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// One container in the care of its supervisor, whether it runs or not.
final class SupervisedContainer {
    typealias Reply = RequestReply

    let id: String
    let files: StateFiles
    unowned let siblings: SupervisedContainers
    let environment: SupervisorEnvironment
    var record: ContainerRecord
    var state: ContainerState

    /// It is being started, and what is asked of it meanwhile waits until it is.
    var launch: ContainerStartup?
    var afterLaunch: [() -> Void] = []
    /// Its present run; nil when it does not run.
    var run: ContainerRun?
    /// As the latest command wished it, for this run's terminal and the next one's.
    private(set) var terminalSize: Terminal.Size?
    /// Set while it waits to be started again.
    var restartTimer: EventLoop.Timer?
    /// `post_start` hooks under way, and who waits for them.
    var startHooks: HookRun?
    var startReplies: [Reply] = []
    /// A stop under way.
    var stopping: StopSequence?
    /// Starts asked for while it was being stopped.
    var startsAfterStop: [Reply] = []
    /// The connection of the command that started it, as long as that one is there.
    var holder: ObjectIdentifier?
    /// It is gone from disk, or should be.
    var isRemoved = false

    /// Reads what is on disk; throws when there is no such container.
    init(_ id: String, among siblings: SupervisedContainers) throws {
        self.id = id
        self.siblings = siblings
        environment = siblings.environment
        files = StateFiles(paths: environment.files.container(id))
        record = try files.record()
        state = files.state() ?? ContainerState(status: .created)
    }

    /// It runs or will, so the supervisor must stay.
    var isActive: Bool {
        launch != nil || run != nil || restartTimer != nil || stopping != nil
    }

    /// How it is connected; its program may ask for names before we know that it has begun.
    var network: RunNetwork? { run?.network ?? launch?.network }

    /// Puts the present state on disk.
    func save() {
        do {
            try files.write(state)
        } catch {
            environment.log("state of \(record.name) cannot be written: \(error)")
        }
    }

    /// Gives its terminal a size, now or when it starts.
    func resize(to size: Terminal.Size, _ reply: Reply) {
        terminalSize = size
        do throws(SystemCallError) {
            if let run, try !run.resize(to: size) {
                return reject(reply, "container \(record.name) has no terminal")
            }
            reply(.success(()))
        } catch {
            reject(reply, "the terminal of \(record.name) takes no size: \(error)")
        }
    }

    /// Calls `body` at once, or when the start under way has completed.
    func whenStarted(_ body: @escaping () -> Void) {
        if launch == nil { body() } else { afterLaunch.append(body) }
    }

    /// Does something that may fail without anybody waiting for it.
    func attempt(_ body: () throws -> Void) {
        do { try body() } catch { environment.log("\(record.name): \(error)") }
    }

    func emit(_ kind: ContainerEvent.Kind) { environment.events.publish(kind, of: record) }

    func reject(_ reply: Reply, _ reason: String, exitCode: Int32? = nil) {
        reply(.failure(RequestFailure(reason: reason, exitCode: exitCode)))
    }

    /// Hooks that run in the container and whose output is told.
    func hooks(_ commands: [HookCommand], finish: @escaping (String?) -> Void) -> HookRun {
        HookRun(
            commands,
            run: runCommand,
            show: { [unowned self] in emit(.hookOutput($0)) },
            finish: finish
        )
    }

    /// Runs a command in the running container, or says to `finish` why not.
    func runCommand(
        _ request: CommandRun.Request,
        finish: @escaping (CommandRun.Outcome) -> Void
    ) -> CommandRun? {
        guard let run else {
            finish(.notStarted("the container does not run"))
            return nil
        }
        do {
            return try run.start(request, loop: environment.loop, finish: finish)
        } catch {
            finish(.notStarted("\(error)"))
            return nil
        }
    }
}
