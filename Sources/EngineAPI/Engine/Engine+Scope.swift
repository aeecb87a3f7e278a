import Orchestrator

extension Engine {
    /// The projects that clients see.
    func projects() throws -> [String] {
        try containers.projects().filter { scope == nil || $0 == scope }
    }

    /// Whether clients see a network or volume with `labels`.
    func isVisible(labels: [String: String]) -> Bool {
        scope == nil || labels[ComposeLabel.project] == scope
    }

    /// Whether clients see an event.
    func isVisible(_ event: HostEvent) -> Bool {
        guard scope != nil else { return true }
        // The events of a network name the container, and its labels are with its own events.
        return event.kind == .container && isVisible(labels: event.attributes)
    }

    /// Throws unless a new resource belongs to the only visible project.
    func requireScope(_ project: String?) throws(EngineError) {
        guard let scope, project != scope else { return }
        throw EngineError(403, "this socket serves project '\(scope)' only")
    }
}
