import Orchestrator

/// The state of each object of a piece of work, drawn as the lines of a terminal.
struct ProgressBoard: Sendable {
    private struct Row {
        var event: ProgressEvent
        var began: ContinuousClock.Instant
        var ended: ContinuousClock.Instant?

        var isWorking: Bool { event.stage == .working }

        /// The object, indented below its parent.
        var label: String { (event.parent == nil ? "" : "  ") + event.object }

        var elapsed: String { ((ended ?? .now) - began).tenths }
    }

    private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    private let title: String
    private var rows: [Row] = []
    /// Positions of rows by parent and object.
    private var index: [String: Int] = [:]
    private var step = 0

    init(title: String) { self.title = title }

    mutating func note(_ event: ProgressEvent) {
        let now = ContinuousClock.now
        let ended = event.stage == .working ? nil : now
        // Images may share layers, each of which belongs to its own image here.
        let key = (event.parent ?? "") + "\0" + event.object
        if let known = index[key] {
            rows[known].event = event
            rows[known].ended = ended
        } else {
            index[key] = rows.count
            rows.append(Row(event: event, began: now, ended: ended))
        }
    }

    /// Advances the spinner.
    mutating func tick() { step += 1 }

    /// Returns the lines to draw: a heading, then an object each; at most `height` lines of at most
    /// `width` columns.
    func lines(width: Int, height: Int, inColour: Bool) -> [String] {
        let objects = rows.filter { $0.event.parent == nil }
        guard !objects.isEmpty else { return [] }
        let rows = arranged()
        let done = objects.count { !$0.isWorking }
        let heading = "[+] \(title) \(done)/\(objects.count)".cut(to: width)
        let isComplete = done == objects.count
        var lines = [isComplete && inColour ? Colour.blue.paint(heading) : heading]
        let shown = height > rows.count ? rows : folded(rows, to: max(0, height - 2))
        let objectWidth = objectWidth(shown, width)
        lines += shown.map { line($0, objectWidth: objectWidth, width: width, inColour: inColour) }
        if shown.count < rows.count, height > 1 {
            lines.append(String("   … and \(rows.count - shown.count) more".prefix(width)))
        }
        return lines
    }

    /// Returns the columns for objects: as many as they need, but on a narrow terminal the words of
    /// the status come first.
    private func objectWidth(_ rows: [Row], _ width: Int) -> Int {
        let widest = rows.map(\.label.columns).max() ?? 0
        let word = rows.map(\.event.word.columns).max() ?? 0
        let elapsed = rows.map(\.elapsed.count).max() ?? 0
        return min(widest, max(8, width - Self.separators - elapsed - min(word, width / 3)))
    }

    /// A space, the sign, a space, two between object and status, one before the time.
    private static let separators = 6

    /// Returns the rows to draw: parts follow their object and are dropped once it is done.
    private func arranged() -> [Row] {
        let parts = Dictionary(grouping: rows.filter { $0.event.parent != nil }) {
            $0.event.parent ?? ""
        }
        return rows.filter { $0.event.parent == nil }.flatMap { row in
            [row] + (row.isWorking ? parts[row.event.object] ?? [] : [])
        }
    }

    /// Returns as many rows in their order: those in progress, then failures, then the latest.
    private func folded(_ rows: [Row], to count: Int) -> [Row] {
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
        let object = row.label.shortenedAtStart(to: objectWidth).padding(to: objectWidth)
        let detail = event.detail.map { " (\($0))" } ?? ""
        let amount = event.amount.map { " \($0.text)" } ?? ""
        let elapsed = row.elapsed
        let room = max(0, width - objectWidth - elapsed.count - Self.separators)
        let status = "\(event.word)\(detail)\(amount)".shortened(to: room).padding(to: room)
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

extension ProgressEvent.Amount {
    /// `[####      ] 12MB / 40MB`, or `12MB` if the total is unknown.
    fileprivate var text: String {
        guard total > 0 else { return DecimalSize.text(current) }
        let filled = Int(10 * Double(min(current, total)) / Double(total))
        let bar = String(repeating: "#", count: filled).padding(to: 10)
        return "[\(bar)] \(DecimalSize.text(current)) / \(DecimalSize.text(total))"
    }
}

extension Duration {
    /// `1.2s`.
    var tenths: String {
        let (seconds, attoseconds) = components
        return "\(seconds).\(attoseconds / 100_000_000_000_000_000)s"
    }
}
