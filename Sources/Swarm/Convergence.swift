import ComposeFile
import Conversion

/// Waits until the tasks of a service are those of its specification and run.
struct Convergence: Sendable {
    /// The number of failed tasks after which a service without running ones has failed.
    private static let tolerated = 3
    private static let interval = Duration.milliseconds(300)

    let client: EngineClient
    let service: SwarmStack.Service
    let id: String
    /// The time of the update before this deployment, which does not count.
    let formerUpdate: String?
    let progress: StackProgress

    /// The state of a service at one moment.
    enum State: Equatable {
        case converged
        case waiting(String)
    }

    func wait() async throws {
        let object = "Service \(service.name)"
        let filters = EngineHost.escaped("{\"service\":[\"\(id)\"]}")
        var shown: String?
        while true {
            let current = try await client.get("/services/\(id)")
            let tasks = try await client.get("/tasks?filters=\(filters)").elements
            switch try state(current, tasks) {
            case .converged: return progress(object, "Running", .done, nil)
            case .waiting(let detail):
                if detail != shown { progress(object, "Waiting", .working, detail) }
                shown = detail
            }
            try await Task.sleep(for: Self.interval)
        }
    }

    /// Decides by the engine's service and its tasks; throws for a failed update.
    func state(_ current: Value, _ tasks: [Value]) throws(EngineError) -> State {
        let update = current["UpdateStatus"]
        let isNew = update?["StartedAt"]?.text != formerUpdate
        let phase = isNew ? update?["State"]?.text ?? "" : ""
        let message = update?["Message"]?.text ?? ""
        switch phase {
        case "paused", "rollback_paused", "rollback_completed":
            let reason = tasks.compactMap { $0["Status"]?["Err"]?.text }.last
            throw .updateFailed(
                service: service.name,
                state: phase,
                message: reason.map { "\(message): \($0)" } ?? message
            )
        case "updating", "rollback_started": return .waiting(message)
        default: break
        }
        // Only the service's template names the runtime.
        let template = current["Spec"]?["TaskTemplate"]?.without("Runtime")
        let own = tasks.filter { $0["Spec"] == template }
        let wanted = tasks.filter { $0["DesiredState"]?.text == "running" }
        let running = own.filter { task in
            task["Status"]?["State"]?.text == "complete"
                || (!service.isJob && task["DesiredState"]?.text == "running"
                    && task["Status"]?["State"]?.text == "running")
        }
        let isCurrent = wanted.allSatisfy { $0["Spec"] == template }
        let count = service.replicas ?? max(1, wanted.count)
        if isCurrent, running.count >= count { return .converged }
        let failed = own.filter { task in
            ["failed", "rejected"].contains(task["Status"]?["State"]?.text)
        }
        if running.isEmpty, failed.count >= Self.tolerated || (service.isJob && !failed.isEmpty) {
            let reason = failed.compactMap { $0["Status"]?["Err"]?.text }.last
            throw .tasksFail(service: service.name, message: reason ?? "see 'stack ps'")
        }
        let errors = failed.compactMap { $0["Status"]?["Err"]?.text }
        return .waiting(
            "\(running.count) of \(count) tasks" + (errors.last.map { ": \($0)" } ?? "")
        )
    }
}
