import Orchestrator

/// The state of each object of a piece of work, drawn as the lines of a terminal.
struct ProgressBoard: Sendable {
    private struct Row {
        var event: ProgressEvent
        var began: ContinuousClock.Instant
        var ended: ContinuousClock.Instant?

        var isWorking: Bool { event.stage == .working }
    }

    private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    private let title: String
    private var rows: [Row] = []
    /// Positions of rows by object.
    private var index: [String: Int] = [:]
    private var step = 0

    init(title: String) { self.title = title }

    mutating func note(_ event: ProgressEvent) {
        let now = ContinuousClock.now
        let ended = event.stage == .working ? nil : now
        if let known = index[event.object] {
            rows[known].event = event
            rows[known].ended = ended
        } else {
            index[event.object] = rows.count
            rows.append(Row(event: event, began: now, ended: ended))
        }
    }

    /// Advances the spinner.
    mutating func tick() { step += 1 }

    /// Returns the lines to draw: a heading, then an object each; at most `height` lines of at most
    /// `width` columns.
    func lines(width: Int, height: Int, inColour: Bool) -> [String] {
        guard !rows.isEmpty else { return [] }
        let done = rows.count { !$0.isWorking }
        let heading = String("[+] \(title) \(done)/\(rows.count)".prefix(width))
        let isComplete = done == rows.count
        var lines = [isComplete && inColour ? Colour.blue.paint(heading) : heading]
        let shown = height > rows.count ? rows : folded(to: max(0, height - 2))
        let widest = shown.map(\.event.object.count).max() ?? 0
        let objectWidth = min(widest, max(8, width * 3 / 5))
        lines += shown.map { line($0, objectWidth: objectWidth, width: width, inColour: inColour) }
        if shown.count < rows.count, height > 1 {
            lines.append(String("   … and \(rows.count - shown.count) more".prefix(width)))
        }
        return lines
    }

    /// Returns as many rows in their order: those in progress, then failures, then the latest.
    private func folded(to count: Int) -> [Row] {
        let priority = rows.indices.sorted { one, other in
            let (first, second) = (rank(rows[one]), rank(rows[other]))
            return first == second ? one > other : first < second
        }
        return priority.prefix(count).sorted().map { rows[$0] }
    }

    private func rank(_ row: Row) -> Int {
        switch row.event.stage {
        case .working: 0
        case .failed, .warning: 1
        case .done: 2
        }
    }

    private func line(_ row: Row, objectWidth: Int, width: Int, inColour: Bool) -> String {
        let event = row.event
        let object = event.object.shortened(to: objectWidth).padding(to: objectWidth)
        let detail = event.detail.map { " (\($0))" } ?? ""
        let elapsed = ((row.ended ?? .now) - row.began).tenths
        // A space, the sign, a space, two between object and status, one before the time.
        let room = max(0, width - objectWidth - elapsed.count - 6)
        let status = "\(event.word)\(detail)".shortened(to: room).padding(to: room)
        guard inColour else { return " \(sign(event.stage)) \(object)  \(status) \(elapsed)" }
        let (sign, word) = painted(event.stage, status)
        return " \(sign) \(object)  \(word) \(Colour.blue.paint(elapsed))"
    }

    private func sign(_ stage: ProgressEvent.Stage) -> String {
        switch stage {
        case .working: Self.spinner[step % Self.spinner.count]
        case .done: "✔"
        case .warning: "!"
        case .failed: "✘"
        }
    }

    private func painted(_ stage: ProgressEvent.Stage, _ word: String) -> (String, String) {
        let colour: Colour? =
            switch stage {
            case .working: nil
            case .done: .green
            case .warning: .yellow
            case .failed: .redBold
            }
        guard let colour else { return (sign(stage), word) }
        return (colour.paint(sign(stage)), colour.paint(word))
    }
}

extension String {
    /// Returns the text with spaces appended up to `width` characters.
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    /// Returns the text cut to `width` characters, the last of which is then an ellipsis.
    fileprivate func shortened(to width: Int) -> String {
        count <= width ? self : prefix(max(0, width - 1)) + (width > 0 ? "…" : "")
    }
}

extension Duration {
    /// `1.2s`.
    var tenths: String {
        let (seconds, attoseconds) = components
        return "\(seconds).\(attoseconds / 100_000_000_000_000_000)s"
    }
}
