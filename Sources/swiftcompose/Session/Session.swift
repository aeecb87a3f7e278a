import Glibc
import ImageStore
import Linux
import OCI
import Orchestrator
import SystemPackage

/// What a command finds when it begins: its options, the environment, the terminal, the machine.
struct Session: Sendable {
    let global: GlobalSettings
    let environment: [String: String]
    let paths: DataPaths
    let output: Terminal
    let errors: Terminal

    init(_ global: GlobalSettings) {
        self.global = global
        environment = ProcessEnvironment.variables
        paths = DataPaths(environment: environment, isRoot: geteuid() == 0)
        let ansi =
            global.noAnsi
            ? .never : global.ansi ?? environment["COMPOSE_ANSI"].flatMap(ANSIMode.init) ?? .auto
        output = Terminal(.output, ansi: ansi, environment: environment)
        errors = Terminal(.error, ansi: ansi, environment: environment)
    }

    /// `--progress`, else `COMPOSE_PROGRESS`, else what the terminal can show.
    var progressMode: ProgressMode {
        global.progress ?? environment["COMPOSE_PROGRESS"].flatMap(ProgressMode.init) ?? .auto
    }

    /// The program that is running, for the processes it starts.
    var executable: FilePath {
        // Where procfs is hidden, the name we were called by has to do.
        let path = try? FileSystem.readSymbolicLink("/proc/self/exe")
        return path ?? FilePath(CommandLine.arguments[0])
    }

    /// Shows progress on standard error while `work` goes on.
    func showingProgress<Result: Sendable>(
        _ title: String,
        isQuiet: Bool = false,
        _ work: (@escaping ProgressSink) async throws -> Result
    ) async throws -> Result {
        let display = ProgressDisplay(
            title: title,
            mode: isQuiet ? .quiet : progressMode,
            terminal: errors,
            isDryRun: global.dryRun
        )
        return try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await display.animate() }
            defer { group.cancelAll() }
            return try await work(display.sink)
        }
    }
}

extension Session {
    /// Whether a variable says yes: `1`, `t`, `true` or `y` in any case.
    func isSet(_ variable: String) -> Bool {
        ["1", "t", "true", "y"].contains(environment[variable]?.lowercased())
    }
}

extension Session {
    /// The same, telling no progress.
    func withoutProgress() -> Session {
        var global = global
        global.progress = .quiet
        return Session(global)
    }
}

extension Session {
    /// The images of this machine.
    func openImages() throws -> ImageStore {
        try ImageStore(root: paths.data) { warn("\($0)") }
    }

    /// Everything stored on this machine; damage of the image store is reported as a warning.
    func openHost() throws -> Host { try Host(paths) { warn("\($0)") } }

    /// The image that a user names; throws when there is none.
    func image(named name: String, in store: ImageStore) throws -> Image {
        if let image = try store.image(named: name) { return image }
        // A text that is no reference has just been refused.
        let canBootstrap = Bootstrap.supports(try ImageReference(name))
        throw ImageStoreError(.missingImage(canBootstrap: canBootstrap), in: name)
    }
}

extension Session {
    /// Cancels `work` at the first SIGINT or SIGTERM; it then ends with its own error.
    func endingOnSignals<Value: Sendable>(
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let signals = try SignalStream([.interrupt, .terminate])
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                _ = await signals.first()
                return nil
            }
            while let finished = try await group.next() {
                group.cancelAll()
                if let finished { return finished }
            }
            throw CancellationError()
        }
    }
}
