import ComposeFile
import Linux
import OCI
import Orchestrator

/// An error of `up` with the explanations of the containers that caused it.
struct ExplainedError: Error {
    let error: any Error
    let explanations: [ContainerExplanation]
}

extension ExplainedError: CustomStringConvertible {
    var description: String {
        let message = "\(error)"
        let lines = explanations.flatMap { $0.lines(after: message) }
        return ([message] + lines.map { $0.escapedForTerminal() }).joined(separator: "\n")
    }
}

extension Session {
    /// `error` with the explanations of the containers that have failed since `start`, if there
    /// are any; programs that read JSON ask `why` for them.
    func explaining(
        _ error: any Error,
        of project: Project,
        since start: Timestamp
    ) -> any Error {
        guard progressMode != .json, error is OrchestratorError || error is SupervisorError,
            // Without readable state the error itself must do.
            let failures = try? ContainerExplanation.failures(
                of: Set(project.services.keys),
                in: project.name,
                since: start,
                paths
            ), !failures.isEmpty
        else { return error }
        return ExplainedError(error: error, explanations: failures)
    }
}
