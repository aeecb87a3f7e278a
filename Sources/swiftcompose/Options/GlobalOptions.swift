import ArgumentParser

/// The options that come before the command's name and hold for every command.
struct GlobalOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("file")],
        parsing: .singleValue,
        help: "Compose file; repeat to merge several, '-' reads standard input."
    )
    var files: [String] = []

    @Option(name: .shortAndLong, help: "Project name.")
    var projectName: String?

    @Option(help: "Directory that relative paths and .env start from.")
    var projectDirectory: String?

    @Option(
        name: .customLong("env-file"),
        parsing: .singleValue,
        help: "File of variables for the Compose file; repeatable, later ones win."
    )
    var envFiles: [String] = []

    @Option(
        name: .customLong("profile"),
        parsing: .singleValue,
        help: "Profile to activate; repeatable, '*' is all."
    )
    var profiles: [String] = []

    @Option(help: "When to use terminal control sequences: auto, always or never.")
    var ansi: ANSIMode?

    @Option(help: "How to tell progress: auto, tty, plain, json or quiet.")
    var progress: ProgressMode?

    @Option(help: "How many operations may be under way at once; -1 is no limit.")
    var parallel: Int?

    @Flag(help: "Name containers and images the old way, with '_' between the parts.")
    var compatibility = false

    @Flag(help: "Create networks and volumes even if no service uses them.")
    var allResources = false

    @Flag(help: "Say what would be done and change nothing.")
    var dryRun = false

    @Flag(help: .hidden)
    var verbose = false

    @Option(help: .hidden)
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
            noAnsi: noAnsi
        )
    }
}

extension ANSIMode: ExpressibleByArgument {}
extension ProgressMode: ExpressibleByArgument {}
