import Glibc
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
