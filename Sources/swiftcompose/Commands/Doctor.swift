import ArgumentParser
import Doctor
import Linux
import Orchestrator

struct Doctor: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check whether this machine can run containers, and print what fixes it.",
        discussion: """
            Tries what containers need: namespaces, overlays, bridges, packet filter rules and, for \
            an ordinary user, the programs and ids of rootless use. The exit status is 1 if there is \
            a problem; warnings do not count.
            """
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    @Option(help: "Format of the output: text, or json (one array).")
    var format = Format.text

    /// Its checks are about the host's namespaces.
    var usesContainers: Bool { false }

    func run(in session: Session) throws -> Int32 {
        let findings = Examination(user: session.ordinaryUser, data: session.paths.data).findings()
        switch format {
        case .json: Output.line(JSONText.line(findings))
        case .text: for line in findings.flatMap(\.lines) { Output.line(line) }
        }
        return findings.contains { $0.status == .problem } ? 1 : 0
    }
}

extension Finding {
    /// The finding for people: the remedies on lines of their own, ready to be copied.
    fileprivate var lines: [String] {
        let first = "\(status.rawValue)".padding(to: 9) + check.padding(to: 20) + detail
        let indent = String(repeating: " ", count: 9)
        return [first.escapedForTerminal()]
            + remedies.map { "\(indent)fix: \($0)".escapedForTerminal() }
    }
}
