import Linux

/// Formats the events of a build as lines, as BuildKit does with `--progress plain`.
///
/// The output of steps is a log, which is not escaped; everything else is.
public struct PlainBuildProgress: Sendable {
    private var numbers: [BuildEvent.StepID: Int] = [:]
    private var lastStep: BuildEvent.StepID?
    private var names: [BuildEvent.StepID: String] = [:]

    public init() {}

    /// The lines to print for `event`.
    public mutating func lines(for event: BuildEvent) -> [String] {
        switch event {
        case .started(let step, let name):
            let name = name.escapedForTerminal()
            names[step] = name
            numbers[step] = numbers.count + 1
            return change(to: step, isNew: true) + ["#\(number(step)) \(name)"]
        case .output(let step, let line, let time):
            return change(to: step) + ["#\(number(step)) \(time.text(places: 3)) \(line)"]
        case .cached(let step):
            return change(to: step) + ["#\(number(step)) CACHED"]
        case .done(let step, let time):
            return change(to: step) + ["#\(number(step)) DONE \(time.text(places: 1))s"]
        case .failed(let step, let reason):
            return change(to: step) + ["#\(number(step)) ERROR: \(reason.escapedForTerminal())"]
        case .notice(let text):
            return [text.escapedForTerminal(keepingNewlines: true)]
        }
    }

    private func number(_ step: BuildEvent.StepID) -> Int { numbers[step] ?? 0 }

    /// A step that prints after another one is introduced by its name again.
    private mutating func change(to step: BuildEvent.StepID, isNew: Bool = false) -> [String] {
        defer { lastStep = step }
        guard let lastStep, lastStep != step else { return [] }
        return isNew ? [""] : ["", "#\(number(step)) \(names[step] ?? "")"]
    }
}

extension Duration {
    /// The duration in seconds with this many decimal places, at most three.
    func text(places: Int) -> String {
        let (seconds, fraction) = components
        guard places > 0 else { return String(seconds) }
        let digits = String(fraction / 1_000_000_000_000_000)
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return "\(seconds).\(padded.prefix(places))"
    }
}
