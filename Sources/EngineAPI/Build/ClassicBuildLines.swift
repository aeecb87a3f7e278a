import Dockerfile
import ImageBuilder

/// Words the events of a build as docker's classic builder does: `Step 2/4 : RUN make`, and then its
/// output.
///
/// Independent steps run in parallel here, and instructions that change only the configuration have
/// no events: they are reported before the next one that has.
struct ClassicBuildLines {
    /// The instructions as written, in the order of the file.
    private let instructions: [String]
    /// The number of instructions that have been reported.
    private var reported = 0
    /// Instructions whose steps have started, which are reported with their first result.
    private var waiting: [BuildEvent.StepID: Int] = [:]

    init(_ dockerfile: Dockerfile, target: String?) throws(DockerfileError) {
        let target = try dockerfile.target(target)
        let stages: [Stage]
        do {
            stages = try dockerfile.stages(neededFor: target) { $0.base.name }
        } catch {
            // The build reports the error, too, where it concerns the stage.
            stages = Array(dockerfile.stages[...target.index])
        }
        instructions =
            dockerfile.globalArguments.map(\.source)
            + stages.flatMap { [$0.from.source] + $0.instructions.map(\.source) }
    }

    /// The lines up to the first FROM.
    mutating func opening() -> [String] {
        let first = instructions.firstIndex { $0.uppercased().hasPrefix("FROM") } ?? 0
        return report(through: first, isCached: false)
    }

    /// The lines for the instructions that have not been reported.
    mutating func rest() -> [String] {
        report(through: instructions.count - 1, isCached: false)
    }

    /// The lines for `event`.
    mutating func lines(for event: BuildEvent) -> [String] {
        switch event {
        case .started(let step, let name):
            let text = name.firstRange(of: "] ").map { String(name[$0.upperBound...]) } ?? name
            // The base image of one stage may be that of another.
            guard !text.hasPrefix("FROM ") else { return [] }
            let place = instructions[reported...].firstIndex(of: text)
            waiting[step] = place ?? instructions.firstIndex(of: text)
            return []
        case .output(.export, _, _), .output(.download, _, _): return []
        case .output(let step, let line, _): return announce(step, isCached: false) + [line]
        case .cached(let step): return announce(step, isCached: true)
        case .done(let step, _), .failed(let step, _): return announce(step, isCached: false)
        case .notice(let text): return [text]
        }
    }

    private mutating func announce(_ step: BuildEvent.StepID, isCached: Bool) -> [String] {
        guard let place = waiting.removeValue(forKey: step) else { return [] }
        return report(through: place, isCached: isCached)
    }

    /// The lines for the instructions up to `last`. A result that was in the cache stands for those
    /// before it, too.
    private mutating func report(through last: Int, isCached: Bool) -> [String] {
        guard last >= reported else { return [] }
        defer { reported = last + 1 }
        return (reported...last).flatMap { place in
            ["Step \(place + 1)/\(instructions.count) : \(instructions[place])"]
                + (isCached ? [" ---> Using cache"] : [])
        }
    }
}
