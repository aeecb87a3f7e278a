public import Linux
public import OCI

/// What a command asks of a project's supervisor; one JSON line each.
public struct SupervisorRequest: Codable, Sendable, Equatable {
    public enum Action: Codable, Sendable, Equatable {
        /// Start a created or exited container; done once its program runs and its
        /// `post_start` hooks have succeeded.
        case start(container: String)
        /// Run `pre_stop` hooks, send the stop signal, wait, kill. Nil takes the container's grace.
        case stop(container: String, grace: Duration?)
        /// Send a signal and do not wait.
        case kill(container: String, signal: Signal)
        case pause(container: String)
        case resume(container: String)
        /// Delete a container of `run --rm` that has ended or was never started, and its anonymous
        /// volumes; nothing is left to do for one that is gone or has not ended.
        case remove(container: String)
        /// Give the container's terminal a size, now or when it starts.
        case resize(container: String, rows: UInt16, columns: UInt16)
        /// From now on send every event of the project to this connection as well, after those
        /// that came later than a time.
        case subscribe(since: Timestamp?)
    }

    /// Chosen by the sender; the reply carries it too.
    public var number: Int
    public var action: Action

    public init(number: Int, action: Action) {
        self.number = number
        self.action = action
    }
}

/// The reason why a supervisor did not carry out a request.
struct RequestFailure: Error {
    var reason: String
    /// That of a start that failed: 125, 126 or 127.
    var exitCode: Int32?
}

/// Answers one request.
typealias RequestReply = (Result<Void, RequestFailure>) -> Void

/// What a supervisor says; one JSON line each.
public enum SupervisorMessage: Codable, Sendable, Equatable {
    /// The first message: requests are heeded from now on.
    case hello
    /// The request was carried out.
    case done(number: Int)
    /// It was not; the text is the whole explanation. The exit code is that of a start that
    /// failed: 125, 126 or 127.
    case failed(number: Int, reason: String, exitCode: Int32?)
    case event(ContainerEvent)
}

/// Something that happened to a container.
public struct ContainerEvent: Codable, Sendable, Equatable {
    public enum Kind: Codable, Sendable, Equatable {
        case started
        /// Nil: the status could not be learnt. `restartsIn` is set when a new start follows.
        case died(exitCode: Int32?, restartsIn: Duration?)
        case stopped
        case killed(Signal)
        case paused
        case resumed
        case outOfMemory
        /// One probe of the health check ended.
        case probed(number: Int, of: Int, exitCode: Int32, output: String)
        case health(ContainerState.Health)
        case startFailed(String)
        /// A line that a `post_start` or `pre_stop` hook has written; for those who watch, nobody
        /// keeps it.
        case hookOutput(String)
        /// What `exec` is to run in it, by an id of that call.
        case execCreated(id: String, command: String)
        case execStarted(id: String, command: String)
        /// Nil: the status could not be learnt.
        case execDied(id: String, exitCode: Int32?)
        /// Ended, it is gone with all that was its own.
        case removed
    }

    public var container: String
    public var name: String
    public var service: String
    public var time: Timestamp
    public var kind: Kind
}
