import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// The completion scripts, in the shells that they are for.
    @Suite struct CompletionTests {
        private let services = """
            services:
              alpha: {image: test/busybox, depends_on: [omega]}
              alternate: {image: test/busybox, profiles: [extra]}
              omega: {image: test/busybox, volumes: ["data:/data"]}
            volumes: {data: {}}
            """

        @Test(arguments: Shell.allCases)
        func `a shell completes services, profiles, files and enumerated values`(
            shell: Shell
        ) throws {
            try #require(shell.exists, "\(shell) is not installed")
            try withProject(["compose.yaml": services, "other.yaml": "services: {zeta: {}}\n"]) {
                project in
                var terminal = try shell.start(in: project)
                try terminal.complete("swiftcompose up al", finding: "alpha", "alternate")
                try terminal.complete("swiftcompose -f other.yaml logs z", finding: "zeta")
                try terminal.complete("swiftcompose up --scale om", finding: "omega=")
                try terminal.complete("swiftcompose --profile ex", finding: "extra")
                try terminal.complete("swiftcompose config --format j", finding: "json")
                try terminal.complete("swiftcompose -f oth", finding: "other.yaml")
                try terminal.complete("swiftcompose run -v da", finding: "data:")
                try terminal.complete("swiftcompose unpa", finding: "unpause")
            }
        }

        @Test(arguments: Shell.allCases)
        func `a shell completes images`(shell: Shell) throws {
            try #require(shell.exists, "\(shell) is not installed")
            try needBusyBox()
            try withProject(["compose.yaml": services]) { project in
                var terminal = try shell.start(in: project)
                try terminal.complete("swiftcompose image rm test/bus", finding: "test/busybox")
            }
        }
    }
}

/// A shell with a completion script.
enum Shell: String, CaseIterable {
    case bash
    case zsh
    case fish

    var exists: Bool { FileSystem.exists(FilePath("/usr/bin/\(rawValue)")) }

    /// Starts the shell at a terminal in the project's directory, with the script installed.
    func start(in project: ScratchProject) throws -> TerminalProgram {
        let directory = project.directory
        let script = try project.machine.run("completion", rawValue)
        try AtomicFile.write(Array(script.utf8), to: directory.appending("_swiftcompose"))
        var terminal = try TerminalProgram(
            ["/usr/bin/env", "--chdir", directory.string, rawValue] + options,
            environment: [
                "HOME": directory.string, "PS1": "> ",
                "PATH": "\(project.machine.program.removingLastComponent()):/usr/bin:/bin",
                "SWIFTCOMPOSE_ROOT": project.machine.root.string,
            ]
        )
        try terminal.type(installation + "; echo rea''dy\n")
        try terminal.await("ready\r\n")
        return terminal
    }

    private var options: [String] {
        switch self {
        case .bash: ["--norc", "--noprofile", "-i"]
        case .zsh: ["-f", "-i"]
        case .fish: ["--no-config", "-i"]
        }
    }

    private var installation: String {
        switch self {
        case .bash, .fish: "source ./_swiftcompose"
        case .zsh: "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -D"
        }
    }
}

extension TerminalProgram {
    /// Types the beginning of a line, asks for completions, awaits them and discards the line.
    fileprivate mutating func complete(
        _ line: String,
        finding first: String,
        _ second: String? = nil,
        location: SourceLocation = #_sourceLocation
    ) throws {
        try type(line + "\t\t")
        try self.await(first, location: location)
        if let second { try self.await(second, location: location) }
        try type("\u{3}")
    }
}
