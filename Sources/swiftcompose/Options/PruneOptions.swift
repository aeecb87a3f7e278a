import ArgumentParser

/// The options of every command that removes what is not used.
struct PruneOptions: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Do not ask for confirmation.")
    var force = false

    /// Returns after the user has agreed; throws if not.
    func confirm(_ warning: String, in session: Session) throws {
        guard !force else { return }
        guard session.confirms("WARNING! \(warning)\nAre you sure you want to continue?") else {
            throw CommandError.notConfirmed
        }
    }
}
