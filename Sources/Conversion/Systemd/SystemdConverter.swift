public import ComposeFile

/// Converts a project to systemd units that run it at boot by swiftcompose itself.
///
/// Source: systemd.service(5), systemd.unit(5) and systemd.syntax(7).
public enum SystemdConverter {
    /// The parts of the units' commands that the project does not contain.
    public struct Invocation: Sendable, Equatable {
        /// The absolute path of swiftcompose.
        public var program: String
        /// The absolute paths of the files of `--env-file`.
        public var envFiles: [String]
        /// The services to run; empty for all.
        public var services: [String]
        /// Variables of the environment that change the meaning of the command.
        public var variables: [String: String]

        public init(
            program: String,
            envFiles: [String] = [],
            services: [String] = [],
            variables: [String: String] = [:]
        ) {
            self.program = program
            self.envFiles = envFiles
            self.services = services
            self.variables = variables
        }
    }

    /// Returns a unit for the system and one for a user's service manager.
    public static func convert(
        _ project: Project,
        by invocation: Invocation
    ) throws(ConversionError) -> Conversion {
        guard !project.composeFiles.contains("-") else {
            let problem = ConversionError.Problem.unreadable(
                "file",
                name: "-",
                reason: "standard input is not available at boot; save the file first"
            )
            throw ConversionError(problem, at: nil)
        }
        let name = "swiftcompose-\(project.name).service"
        let manager = ["system", "user"].map { manager in
            Conversion.File(
                path: "\(manager)/\(name)",
                text: unit(project, invocation, isSystem: manager == "system")
            )
        }
        return Conversion(
            files: manager,
            report: AttributeWalk.report(on: project, rules: .systemd, notes: Notes())
        )
    }

    private static func unit(
        _ project: Project,
        _ invocation: Invocation,
        isSystem: Bool
    ) -> String {
        let command = command(project, invocation)
        let up = line(command + ["up", "--detach", "--remove-orphans"] + invocation.services)
        // A user's service manager does not have the system's targets.
        let network =
            isSystem ? "Wants=network-online.target\nAfter=network-online.target\n" : ""
        let variables = invocation.variables.sorted { $0.key < $1.key }.map { name, value in
            "Environment=\(assignment(name, value))\n"
        }
        return """
            [Unit]
            Description=Compose project \(project.name)
            RequiresMountsFor=\(quoted(project.workingDirectory))
            \(network)
            [Service]
            # The containers outlive the command that starts them.
            Type=oneshot
            RemainAfterExit=yes
            \(variables.joined())ExecStart=\(up)
            ExecReload=\(up)
            ExecStop=\(line(command + ["stop"] + invocation.services))
            # Images may have to be pulled or built first.
            TimeoutStartSec=infinity
            # 'stop' kills each container after its own stop_grace_period.
            TimeoutStopSec=infinity
            # The containers have control groups of their own.
            Delegate=yes

            [Install]
            WantedBy=\(isSystem ? "multi-user.target" : "default.target")

            """
    }

    /// The program with the options that select the project.
    private static func command(_ project: Project, _ invocation: Invocation) -> [String] {
        let compatibility = project.nameSeparator == "_" ? ["--compatibility"] : []
        return [invocation.program, "--project-name", project.name]
            + ["--project-directory", project.workingDirectory]
            + project.composeFiles.flatMap { ["--file", $0] }
            + invocation.envFiles.flatMap { ["--env-file", $0] }
            + project.profiles.flatMap { ["--profile", $0] } + compatibility
    }

    /// Returns a command line in which nothing is expanded.
    static func line(_ words: [String]) -> String {
        words.map { quoted($0.replacing("$", with: "$$")) }.joined(separator: " ")
    }

    /// In contrast to a command line, `$` has no special meaning here.
    private static func assignment(_ name: String, _ value: String) -> String {
        quoted("\(name)=\(value)")
    }

    /// Returns one word in which neither spaces nor specifiers have a special meaning.
    private static func quoted(_ word: String) -> String {
        let text = word.replacing("%", with: "%%")
        let isPlain = text.allSatisfy { character in
            character.isASCII
                && (character.isLetter || character.isNumber || "/-_.:=+,@%$".contains(character))
        }
        if isPlain, !text.isEmpty { return text }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
        return "\"\(escaped)\""
    }
}

extension AttributeRules {
    /// Everything is carried over, since the units run swiftcompose on the same files.
    static let systemd = AttributeRules(
        [:],
        otherwise: .carried("read by 'up' when the unit starts")
    )
}
