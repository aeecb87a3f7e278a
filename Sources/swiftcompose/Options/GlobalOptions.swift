import ArgumentParser

/// The options before the command's name, which apply to every command.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("file")],
        parsing: .singleValue,
        help: "Compose configuration file, '-' for standard input; repeat to merge several.",
        completion: .file(extensions: ["yaml", "yml"])
    )
    var files: [String] = []

    @Option(name: .shortAndLong, help: "Project name.", completion: .projects)
    var projectName: String?

    @Option(
        help: """
            Alternate working directory, for relative paths and .env (default: the directory of \
            the first Compose file).
            """,
        completion: .directory
    )
    var projectDirectory: String?

    @Option(
        name: .customLong("env-file"),
        parsing: .singleValue,
        help: "Alternate environment file; repeatable, the last one takes precedence.",
        completion: .file()
    )
    var envFiles: [String] = []

    @Option(
        name: .customLong("profile"),
        parsing: .singleValue,
        help: "Profile to enable, '*' for all; repeatable.",
        completion: .profiles
    )
    var profiles: [String] = []

    @Option(help: "Use of terminal control sequences (never|always|auto).")
    var ansi: ANSIMode?

    @Option(help: "Format of progress output (auto|tty|plain|json|quiet).")
    var progress: ProgressMode?

    @Option(help: "Maximum number of parallel operations, -1 for no limit.")
    var parallel: Int?

    @Flag(help: "Use the names of Compose v1, with '_' as separator.")
    var compatibility = false

    @Flag(help: "Create networks and volumes even if no service uses them.")
    var allResources = false

    @Flag(
        help: "Print the operations without carrying them out."
    )
    var dryRun = false

    @Flag(help: .hidden)
    var verbose = false

    @Option(help: .hidden, completion: .directory)
    var workdir: String?

    @Flag(help: .hidden)
    var noAnsi = false
}

extension GlobalOptions {
    var settings: GlobalSettings {
        GlobalSettings(
            files: files,
            projectName: projectName,
            projectDirectory: projectDirectory,
            envFiles: envFiles,
            profiles: profiles,
            ansi: ansi,
            progress: progress,
            parallel: parallel,
            compatibility: compatibility,
            allResources: allResources,
            dryRun: dryRun,
            workdir: workdir,
            noAnsi: noAnsi,
            verbose: verbose
        )
    }
}

extension ANSIMode: ExpressibleByArgument {}
extension ProgressMode: ExpressibleByArgument {}
