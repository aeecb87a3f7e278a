import ArgumentParser
import Orchestrator

struct ApiEnv: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Print the variables that point docker's clients to the API.",
        discussion: "Use it as 'eval \"$(swiftcompose api env)\"'."
    )

    func run(in session: Session) throws -> Int32 {
        for variable in session.engineVariables(socket: session.engineSocket) {
            Output.line("export \(variable)")
        }
        return 0
    }
}
