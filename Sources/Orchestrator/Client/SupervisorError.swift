public import Linux

/// An error in the communication with a project's supervisor, or a request that it rejected.
public struct SupervisorError: Error, Equatable, Sendable {
    public enum Problem: Equatable, Sendable {
        /// The supervisor was started and failed, with this message.
        case didNotStart(String)
        /// The supervisor could not be started or reached.
        case unreachable(SystemCallError)
        /// The supervisor ended before it replied, and the request is not safe to repeat.
        case ended
        /// Every supervisor that receives the request ends.
        case keepsEnding
        /// The supervisor rejected the request, with this message, and the exit code of a failed
        /// start.
        case refused(String, exitCode: Int32?)
        /// The caller stopped waiting.
        case cancelled
    }

    public var problem: Problem
    public var project: String

    public init(_ problem: Problem, project: String) {
        self.problem = problem
        self.project = project
    }

    /// The exit code of a failed start: 125, or as in a shell 126 or 127.
    public var exitCode: Int32? {
        if case .refused(_, let exitCode) = problem { exitCode } else { nil }
    }
}

extension SupervisorError: CustomStringConvertible {
    public var description: String {
        switch problem {
        case .didNotStart(let message):
            "cannot start the supervisor of project \(project): \(message)"
        case .unreachable(let error):
            "cannot reach the supervisor of project \(project): \(error)"
        case .ended:
            "the supervisor of project \(project) was killed before it replied; "
                + "check the state of the containers, then try again"
        case .keepsEnding:
            "the supervisor of project \(project) keeps exiting; see supervisor.log"
        case .refused(let message, _): message
        case .cancelled: "no longer waiting for the supervisor of project \(project)"
        }
    }
}
