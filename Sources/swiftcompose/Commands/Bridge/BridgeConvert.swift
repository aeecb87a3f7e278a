import ArgumentParser
import ComposeFile
import Conversion
import SystemPackage

struct BridgeConvert: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert the project to files of another engine and report on each attribute.",
        discussion: """
            Writes the files into a directory, replacing earlier ones of the same name, and prints a \
            table of all attributes: carried over, approximated, or without counterpart.
            """
    )

    /// The engine to convert for.
    enum Target: String, CaseIterable, ExpressibleByArgument {
        case kubernetes, swarm, systemd
    }

    @Option(
        name: [.customShort("t"), .long],
        help: "Target of the conversion (kubernetes|swarm|systemd)."
    )
    var target = Target.kubernetes

    @Option(
        name: .shortAndLong,
        help: "Directory to write into (default: the name of the target).",
        completion: .directory
    )
    var output: String?

    @Flag(help: "Fail if an attribute has no counterpart, without writing anything.")
    var strict = false

    @Flag(name: .shortAndLong, help: "Print only the attributes without counterpart.")
    var quiet = false

    @Argument(
        help: "Services to convert, with their dependencies (default: all).",
        completion: .declaredServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        let project = try session.loadProject(services: services)
        let conversion = try convert(project, in: session)
        var report = conversion.report
        if quiet { report.entries = report.missing }
        Output.line("\(report)")
        if strict, !report.missing.isEmpty {
            session.warn("\(report.missing.count) attributes have no counterpart; nothing written")
            return 1
        }
        if !session.global.dryRun {
            try conversion.write(into: output ?? target.rawValue)
        }
        return 0
    }

    private func convert(_ project: Project, in session: Session) throws -> Conversion {
        switch target {
        case .kubernetes: try KubernetesConverter.convert(project, files: session.files)
        case .swarm: try SwarmConverter.convert(project, files: session.files)
        case .systemd: try SystemdConverter.convert(project, by: invocation(in: session))
        }
    }

    /// The command that the units run: this program in its present environment.
    private func invocation(in session: Session) -> SystemdConverter.Invocation {
        let names = ["COMPOSE_DISABLE_ENV_FILE", "COMPOSE_ENV_FILES", "SWIFTCOMPOSE_ROOT"]
        return SystemdConverter.Invocation(
            program: session.executable.string,
            envFiles: session.global.envFiles.map(session.files.absolute),
            services: services,
            variables: session.environment.filter { names.contains($0.key) }
        )
    }
}
