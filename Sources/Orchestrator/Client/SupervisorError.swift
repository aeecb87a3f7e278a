public import Linux

/// Why a project's supervisor could not be reached, or did not do what it was asked.
public struct SupervisorError: Error, Equatable, Sendable {
    public enum Problem: Equatable, Sendable {
        /// It was started and did not come up; its own words.
        case didNotStart(String)
        /// It could not be started or talked to.
        case unreachable(SystemCallError)
        /// It ended before it answered, and asking again could do harm.
        case ended
        /// It ends each time it is asked.
        case keepsEnding
        /// It said no; its own words, and the status of a start that failed.
        case refused(String, exitCode: Int32?)
        /// The caller does not want to wait any longer.
        case cancelled
    }

    public var problem: Problem
    public var project: String

    public init(_ problem: Problem, project: String) {
        self.problem = problem
        self.project = project
    }

    /// Status of a container whose start failed: 125, or 126 or 127 as a shell has them.
    public var exitCode: Int32? {
        if case .refused(_, let exitCode) = problem { exitCode } else { nil }
    }
}

extension SupervisorError: CustomStringConvertible {
    public var description: String {
        switch problem {
        case .didNotStart(let words):
            "the supervisor of project \(project) did not start: \(words)"
        case .unreachable(let error):
            "the supervisor of project \(project) cannot be reached: \(error)"
        case .ended:
            "the supervisor of project \(project) was killed before it answered; "
                + "look at the state of the containers, then try again"
        case .keepsEnding:
            "the supervisor of project \(project) ends whenever it is asked; "
                + "its file supervisor.log tells why"
        case .refused(let words, _): words
        case .cancelled: "no longer waiting for the supervisor of project \(project)"
        }
    }
}
