import Glibc
import ImageStore
import Linux
import OCI
import Orchestrator
import SystemPackage

/// The context of a command: its options, the environment, the terminal and the host.
struct Session: Sendable {
    let global: GlobalSettings
    let environment: [String: String]
    let paths: DataPaths
    let output: Terminal
    let errors: Terminal
    /// Progress at the bottom of the terminal, below everything else that is printed.
    let region: LiveRegion

    init(_ global: GlobalSettings) {
        self.global = global
        environment = ProcessEnvironment.variables
        paths = DataPaths(
            environment: environment,
            isRoot: geteuid() == 0 && UserNamespace.holder == nil
        )
        let ansi =
            global.noAnsi
            ? .never : global.ansi ?? environment["COMPOSE_ANSI"].flatMap(ANSIMode.init) ?? .auto
        output = Terminal(.output, ansi: ansi, environment: environment)
        errors = Terminal(.error, ansi: ansi, environment: environment)
        let isStatusOnOutput = Self.isTrue(environment["COMPOSE_STATUS_STDOUT"])
        region = LiveRegion(
            on: isStatusOnOutput ? .output : .error,
            write: { $0.write($1) },
            size: { Terminal.size }
        )
    }

    /// `--progress`, else `COMPOSE_PROGRESS`, else the richest form that the terminal supports.
    var progressMode: ProgressMode {
        global.progress ?? environment["COMPOSE_PROGRESS"].flatMap(ProgressMode.init) ?? .auto
    }

    /// Throws if a variable that stands for a global option has an invalid value, or if progress
    /// and terminal control sequences exclude each other.
    func validate() throws(CommandError) {
        try check("COMPOSE_ANSI", ANSIMode.allCases.map(\.rawValue))
        try check("COMPOSE_PROGRESS", ProgressMode.allCases.map(\.rawValue))
        if let limit = environment["COMPOSE_PARALLEL_LIMIT"], !limit.isEmpty, Int(limit) == nil {
            throw .invalidVariable("COMPOSE_PARALLEL_LIMIT", value: limit, expected: "an integer")
        }
        switch (progressMode, global.ansi) {
        case (.tty, .never): throw .incompatible("--progress tty", "--ansi never")
        case (.plain, .always): throw .incompatible("--progress plain", "--ansi always")
        default: break
        }
    }

    private func check(_ variable: String, _ values: [String]) throws(CommandError) {
        guard let value = environment[variable], !value.isEmpty, !values.contains(value) else {
            return
        }
        throw .invalidVariable(
            variable,
            value: value,
            expected: "one of \(values.joined(separator: ", "))"
        )
    }

    /// This program's own file, for the processes it starts.
    var executable: FilePath {
        // Without procfs, the name by which the program was called is used.
        let path = try? FileSystem.readSymbolicLink("/proc/self/exe")
        return path ?? FilePath(CommandLine.arguments[0])
    }

    /// Shows progress on standard error during `work`.
    func showingProgress<Result: Sendable>(
        _ title: String,
        isQuiet: Bool = false,
        _ work: (@escaping ProgressSink) async throws -> Result
    ) async throws -> Result {
        let display = progressDisplay(title, isQuiet: isQuiet)
        defer { display.finish() }
        return try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await display.animate() }
            defer { group.cancelAll() }
            return try await work(display.sink)
        }
    }

    func progressDisplay(_ title: String, isQuiet: Bool = false) -> ProgressDisplay {
        ProgressDisplay(
            title: title,
            mode: isQuiet ? .quiet : progressMode,
            output: progressOutput,
            isDryRun: global.dryRun
        )
    }

    /// The stream of progress; scripts that read it from standard output ask for it there.
    var progressOutput: ProgressOutput {
        let terminal = isSet("COMPOSE_STATUS_STDOUT") ? output : errors
        return ProgressOutput(
            region: region,
            stream: terminal.stream,
            isInteractive: terminal.isInteractive,
            showsColour: terminal.showsColour
        )
    }

    /// Writes bytes to a standard stream, above progress; returns false once its reader has closed
    /// it.
    func print(_ bytes: [UInt8], to stream: StandardStream) -> Bool {
        region.print(bytes, to: stream)
    }

    /// Whether an environment variable is true: `1`, `t`, `true` or `y` in any case.
    func isSet(_ variable: String) -> Bool { Self.isTrue(environment[variable]) }

    private static func isTrue(_ value: String?) -> Bool {
        ["1", "t", "true", "y"].contains(value?.lowercased())
    }

    /// Returns the same session without progress.
    func withoutProgress() -> Session { showingProgress(as: .quiet) }

    /// Returns the same session with another notation of progress.
    func showingProgress(as mode: ProgressMode) -> Session {
        var global = global
        global.progress = mode
        return Session(global)
    }
}

extension Session {
    /// Opens the store of local images.
    func openImages() throws -> ImageStore {
        try ImageStore(root: paths.data) { warn("\($0)") }
    }

    /// Opens the stores of the host; damage of the image store is reported as a warning.
    func openHost() throws -> Host { try Host(paths) { warn("\($0)") } }

    /// Returns the image with a name, an ID or an ID's prefix; throws if there is none.
    func image(named name: String, in store: ImageStore) throws -> Image {
        if let image = try store.image(named: name) { return image }
        // The store has already rejected a text that is not a reference.
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
