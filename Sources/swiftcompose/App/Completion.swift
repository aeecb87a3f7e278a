import ArgumentParser

struct Completion: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Print the completion script of a shell.",
        discussion: """
            Install it where the shell looks, or try it at once: \
            source <(swiftcompose completion bash)
            """
    )

    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash
        case zsh
        case fish
    }

    @Argument(help: "Shell (bash|zsh|fish).")
    var shell: Shell

    func run() {
        let kind: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        let script = Swiftcompose.completionScript(for: kind)
        Output.line(shell == .bash ? distinguishingOptions(in: script) : script)
    }

    /// Returns the bash script with a correction: after a command's name, a flag of the command is
    /// not a global option of the same name, such as `-f` in `logs -f`.
    private func distinguishingOptions(in script: String) -> String {
        let values = "case \"${prev}\" in"
        let isBeforeCommand = "[[ \"${positional_number}\" -eq -2 ]] || "
        return script.replacing(values, with: isBeforeCommand + values, maxReplacements: 1)
    }
}
