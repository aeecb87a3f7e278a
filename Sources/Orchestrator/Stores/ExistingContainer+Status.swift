import Notation
public import OCI

extension ExistingContainer {
    /// The state as docker prints it: `Up 3 minutes (healthy)`, `Exited (137) 4 seconds ago`.
    public func statusText(at now: Timestamp) -> String {
        func age(_ since: Timestamp?) -> String { since.map { Age.words(now - $0) } ?? "unknown" }
        let exitCode = state.exitCode.map(String.init) ?? "unknown"
        let cause = state.failedForMemory ? " (out of memory)" : ""
        return switch state.status {
        case .created: "Created"
        case .running: "Up \(age(state.startedAt))\(healthText)"
        case .paused: "Up \(age(state.startedAt)) (Paused)"
        case .restarting: "Restarting (\(exitCode)) \(age(state.finishedAt)) ago\(cause)"
        case .removing: "Removal In Progress"
        case .exited: "Exited (\(exitCode)) \(age(state.finishedAt)) ago\(cause)"
        case .dead: "Dead"
        }
    }

    private var healthText: String {
        switch state.health {
        case nil: ""
        case .starting: " (health: starting)"
        case .healthy: " (healthy)"
        case .unhealthy: " (unhealthy)"
        }
    }
}
