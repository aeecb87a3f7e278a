public import Linux
public import OCI

/// A command's request to the project's supervisor; one JSON line each.
public struct SupervisorRequest: Codable, Sendable, Equatable {
    public enum Action: Codable, Sendable, Equatable {
        /// Start a created or exited container; done once its program runs and its `post_start`
        /// hooks have succeeded.
        case start(container: String)
        /// The same without the names and published ports, which another container of the service
        /// still has.
        case startStandby(container: String)
        /// Give a running container the names and published ports of another one.
        case promote(container: String, over: String)
        /// Run `pre_stop` hooks, send the stop signal, wait, kill. Nil takes the container's own
        /// grace period.
        case stop(container: String, grace: Duration?)
        /// Send a signal without waiting for its effect.
        case kill(container: String, signal: Signal)
        case pause(container: String)
        case resume(container: String)
        /// Delete a container of `run --rm` that has exited or was never started, with its anonymous
        /// volumes; does nothing for one that has been removed or has not exited.
        case remove(container: String)
        /// Kill and delete a container whose records cannot be read, found by its id alone.
        case discard(container: String)
        /// Set the size of the container's terminal, now or when it starts.
        case resize(container: String, rows: UInt16, columns: UInt16)
        /// Attach the container, if it runs, to the networks of its record, which has changed, and
        /// to no others.
        case reconnect(container: String)
        /// Probe the health of a container at once and often until it is healthy, because the command
        /// waits for it; does nothing for one without a health check or a run.
        case hurryHealth(container: String)
        /// Publish an event of a container that the command itself has created, restarted or removed.
        case report(ContainerEvent.Kind, container: String, name: String, service: String)
        /// Send every event of the project to this connection from now on, after the journalled ones
        /// later than a time.
        case subscribe(since: Timestamp?)
    }

    /// Chosen by the sender and repeated in the reply.
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

extension RequestFailure: CustomStringConvertible {
    var description: String { reason }
}

/// Answers one request.
typealias RequestReply = (Result<Void, RequestFailure>) -> Void

/// A message of a supervisor; one JSON line each.
public enum SupervisorMessage: Codable, Sendable, Equatable {
    /// The greeting, after which requests are accepted.
    case hello
    /// The request was performed.
    case done(number: Int)
    /// The request failed; the text is a complete message. The exit code is that of a failed start:
    /// 125, 126 or 127.
    case failed(number: Int, reason: String, exitCode: Int32?)
    case event(ContainerEvent)
}

/// An event in the life of a container.
public struct ContainerEvent: Codable, Sendable, Equatable {
    public enum Kind: Codable, Sendable, Equatable {
        /// It is not journalled: the container's record has the time.
        case created
        case started
        /// Nil: the status is unknown. `restartsIn` is set if a restart follows.
        case died(exitCode: Int32?, restartsIn: Duration?)
        case stopped
        /// A command has stopped and started it.
        case restarted
        case killed(Signal)
        case paused
        case resumed
        case outOfMemory
        /// A probe of the health check has ended.
        case probed(number: Int, of: Int, exitCode: Int32, output: String)
        case health(ContainerState.Health)
        case startFailed(String)
        /// A line written by a `post_start` or `pre_stop` hook; it is not journalled.
        case hookOutput(String)
        /// A command of `exec`, by the id of that call.
        case execCreated(id: String, command: String)
        case execStarted(id: String, command: String)
        /// Nil: the status is unknown.
        case execDied(id: String, exitCode: Int32?)
        /// Removed together with its anonymous volumes.
        case removed
    }

    public var container: String
    public var name: String
    public var service: String
    public var time: Timestamp
    public var kind: Kind
}
