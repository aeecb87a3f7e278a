import Linux
import SystemPackage
import TestSupport
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
        private let others = "services: {zeta: {image: test/busybox}}\n"

        @Test(
            arguments: [
                (["up", "al"], ["alpha", "alternate"]),
                (["-f", "other.yaml", "up", "z"], ["zeta"]),
                (["up", "--scale", ""], ["alpha", "alternate", "omega"]),
                (["--profile", ""], ["extra"]), (["run", "-v", ""], ["data:"]),
                (["config", "--format", ""], ["json", "table", "yaml"]),
                (["-f", "oth"], ["other.yaml"]), (["unpa"], ["unpause"]),
                (["-f", "other.yaml", "config", "z"], ["zeta"]), (["logs", "-f", ""], []),
                (["rm", "-f", "oth"], []), (["version", "-f", ""], ["json", "pretty"]),
                (["up", "-t", ""], []), (["-p", "x", "up", "--pull", "mis"], ["missing"]),
            ] as [([String], [String])]
        )
        func `bash completes the names of the selected project`(
            words: [String],
            expected: [String]
        ) throws {
            try withProject(["compose.yaml": services, "other.yaml": others]) { project in
                let script = """
                    cd "$0" || exit
                    source <(swiftcompose completion bash)
                    COMP_WORDS=(swiftcompose "$@") COMP_CWORD=$#
                    COMP_LINE="swiftcompose $*" COMP_POINT=${#COMP_LINE}
                    _swiftcompose swiftcompose "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
                    printf '%s\\n' "${COMPREPLY[@]}" | sort
                    """
                let outcome = try Program(
                    ["bash", "-c", script, project.directory.string] + words,
                    environment: Shell.environment(of: project)
                ).outcome()
                #expect(
                    outcome.output.split(separator: "\n").map(String.init) == expected,
                    "\(outcome)"
                )
            }
        }

        @Test(arguments: Shell.allCases)
        func `an interactive shell lists matching services`(shell: Shell) throws {
            try #require(shell.exists, "\(shell) is not installed")
            try withProject(["compose.yaml": services]) { project in
                var terminal = try shell.start(in: project)
                try terminal.type("swiftcompose up al\t\t")
                try terminal.await("alpha", "alternate")
            }
        }

        /// A flag of a command may have the name of a global option with a value.
        @Test(arguments: Shell.allCases)
        func `services follow the flags of a command`(shell: Shell) throws {
            try #require(shell.exists, "\(shell) is not installed")
            try needBusyBox()
            let sleep = "command: sleep 60, stop_signal: SIGKILL"
            let files = [
                "compose.yaml": """
                services:
                  alpha: {image: test/busybox, \(sleep)}
                  alternate: {image: test/busybox, \(sleep)}
                """,
                "alien.yaml": others, "alp.txt": "",
            ]
            try withProject(files) { project in
                try project.compose("up", "--detach")
                var terminal = try shell.start(in: project)
                let name = "--project-name \(project.name)"
                for line in ["logs -f al", "rm -f -s al", "stop -t 3 al", "exec -T al", "up -d al"]
                {
                    try terminal.type("swiftcompose \(name) \(line)\t\t")
                    try terminal.await("alpha", "alternate")
                    // Discards the line.
                    try terminal.type("\u{15}")
                }
                let rest = terminal.screen.history.joined(separator: "\n")
                #expect(!rest.contains("alien.yaml") && !rest.contains("alp.txt"), "\(rest)")
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
        let script = try project.machine.run("completion", rawValue)
        let file = project.directory.appending("_swiftcompose")
        try AtomicFile.write(Array(script.utf8), to: file)
        var terminal = try TerminalProgram(
            ["/usr/bin/env", "--chdir", project.directory.string, rawValue] + options,
            environment: Self.environment(of: project)
        )
        try terminal.type(installation + "; echo rea''dy\n")
        try terminal.await("ready\r\n")
        return terminal
    }

    static func environment(of project: ScratchProject) -> [String: String] {
        [
            "HOME": project.directory.string, "PS1": "> ", "TERM": "xterm",
            "PATH": "\(project.machine.program.removingLastComponent()):/usr/bin:/bin",
            "SWIFTCOMPOSE_ROOT": project.machine.root.string,
        ]
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
