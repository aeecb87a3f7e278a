/// The replacement of a service's running containers, a few at a time.
public struct Rollout: Sendable, Equatable {
    public var service: String
    public var steps: [Step]
    public var update: RolloutPolicy
    /// The way back after a failed update.
    public var rollback: RolloutPolicy

    /// The replacement of one container.
    ///
    /// Each plan leaves the service with one working container, unless it fails.
    public struct Step: Sendable, Equatable {
        public var old: Plan.ContainerName
        public var new: Plan.ContainerName
        /// Creates the new container.
        public var creation: Plan
        /// Starts the new container in place of the old one, which it stops.
        public var update: Plan
        /// Returns to the old container from an update that failed on its way.
        public var reversion: Plan
        /// Returns to the old container from an update that had succeeded.
        public var rollback: Plan
        /// Removes the old container.
        public var completion: Plan

        /// The operations of a successful update.
        var operations: [Plan.Operation] {
            creation.operations + update.operations + completion.operations
        }
    }
}

/// The rules of a rolling update or of its rollback.
public struct RolloutPolicy: Sendable, Equatable {
    public enum FailureAction: String, Sendable {
        /// Leave the remaining containers as they are.
        case pause
        /// Go on with the remaining containers.
        case `continue`
        /// Return to the old containers.
        case rollback
    }

    /// The new container starts before the old one stops.
    public var startsFirst = false
    /// The number of containers replaced at a time; 0 means all.
    public var parallelism = 1
    /// From the end of a batch to the beginning of the next one.
    public var delay = Duration.zero
    /// The time after the start in which a failure of the container is one of the update.
    public var monitor = Duration.zero
    public var failureAction = FailureAction.pause
    /// The ratio of failed containers up to which the update goes on.
    public var maxFailureRatio = 0.0

    public init() {}

    /// The number of containers to replace at a time, of `count`.
    func batch(of count: Int) -> Int { parallelism == 0 ? count : parallelism }

    /// Whether `failed` of `count` containers are more than the policy tolerates.
    func isExceeded(failed: Int, of count: Int) -> Bool {
        failed > 0 && Double(failed) > maxFailureRatio * Double(count)
    }
}
