import ArgumentParser

extension CompletionKind {
    /// Services of the file.
    static var declaredServices: CompletionKind { services(of: "config --services") }

    /// Services that have containers.
    static var existingServices: CompletionKind { services(of: "ps --all --services") }

    /// Services whose containers run.
    static var runningServices: CompletionKind { services(of: "ps --services") }

    /// What a command of ours prints for the project of the current directory; faults are no words.
    private static func services(of command: String) -> CompletionKind {
        .shellCommand("swiftcompose \(command) 2>/dev/null")
    }
}
