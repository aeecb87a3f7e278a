import ComposeFile
import Orchestrator

extension ContainerExplanation {
    /// The explanation for people; lines of output that `shown` has already are omitted.
    func lines(after shown: String = "") -> [String] {
        var lines = ["\(name) (\(state.rawValue)): \(reason)"]
        if restarts > 0 { lines.append("  restarted \(restarts) times since it was last started") }
        lines += section("waits for", waitsFor)
        if let origin { lines.append("  created because \(origin)") }
        if !changes.isEmpty { lines += changes.map { "    \($0)" } }
        lines += section("last results of its health check", probes)
        guard !lastLines.allSatisfy(shown.contains) else { return lines }
        return lines + section("last lines of its output", lastLines)
    }

    private func section(_ title: String, _ entries: [String]) -> [String] {
        entries.isEmpty ? [] : ["  \(title):"] + entries.map { "    \($0)" }
    }
}
