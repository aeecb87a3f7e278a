import Linux
import Orchestrator
import Synchronization

/// How progress is told.
enum ProgressMode: String, Sendable {
    case auto
    case tty
    case plain
    case json
    case quiet
    case none
}

/// Tells the progress of one piece of work on standard error.
final class ProgressDisplay: Sendable {
    private let terminal: Terminal
    private let mode: ProgressMode
    private let isDryRun: Bool
    private let board: Mutex<ProgressBoard>
    /// What was told last of each object; the same is not told twice.
    private let latest = Mutex<[String: ProgressEvent]>([:])

    init(title: String, mode: ProgressMode, terminal: Terminal, isDryRun: Bool = false) {
        self.terminal = terminal
        self.isDryRun = isDryRun
        self.mode = mode == .auto ? (terminal.isInteractive ? .tty : .plain) : mode
        board = Mutex(ProgressBoard(title: title))
    }

    /// Where the work reports to.
    var sink: ProgressSink { { [self] event in show(event) } }

    private func show(_ event: ProgressEvent) {
        switch mode {
        case .quiet, .none: return
        case .json: write(json(event) + "\n")
        case .plain:
            let event = event.escapedForTerminal
            let isNews = latest.withLock { $0.updateValue(event, forKey: event.object) != event }
            if isNews { write(plain(event) + "\n") }
        case .auto, .tty: redraw { $0.note(event.escapedForTerminal) }
        }
    }

    private func plain(_ event: ProgressEvent) -> String {
        let prefix = isDryRun ? " DRY-RUN MODE - " : " "
        let detail = event.detail.map { " (\($0))" } ?? ""
        return "\(prefix)\(event.object)  \(event.word)\(detail)"
    }

    private func json(_ event: ProgressEvent) -> String {
        struct Line: Encodable {
            var dryRun: Bool?
            var id: String
            var status: String
            var text: String?
            enum CodingKeys: String, CodingKey {
                case dryRun = "dry-run"
                case id
                case status
                case text
            }
        }
        let line = Line(
            dryRun: isDryRun ? true : nil,
            id: event.object,
            status: event.word,
            text: event.detail
        )
        return JSONText.line(line)
    }

    /// Draws the board again until the work is over; only a terminal needs it.
    func animate() async {
        guard mode == .tty else { return }
        write("\u{1B}[?25l")
        defer { write("\u{1B}[?25h") }
        while !Task.isCancelled {
            redraw { $0.tick() }
            // Cancellation is how this loop ends.
            try? await Task.sleep(for: .milliseconds(100))
        }
        redraw { $0.tick() }
    }

    private func redraw(_ change: (inout ProgressBoard) -> Void) {
        board.withLock { board in
            change(&board)
            write(board.frame(width: terminal.width, inColour: terminal.showsColour))
        }
    }

    private func write(_ text: String) { terminal.stream.write(text.utf8) }
}

/// What a terminal shows of the work so far.
struct ProgressBoard: Sendable {
    private struct Row {
        var event: ProgressEvent
        var began: ContinuousClock.Instant
        var ended: ContinuousClock.Instant?
    }

    private static let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    private let title: String
    private var rows: [Row] = []
    private var index: [String: Int] = [:]
    private var step = 0
    /// Lines on the screen that the next frame overwrites.
    private var drawn = 0

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

    mutating func tick() { step += 1 }

    /// Escape sequences and text that replace what was drawn before.
    mutating func frame(width: Int, inColour: Bool) -> String {
        guard !rows.isEmpty else { return "" }
        let done = rows.count { $0.event.stage != .working }
        let head = "[+] \(title) \(done)/\(rows.count)"
        let isComplete = done == rows.count
        var lines = [isComplete && inColour ? Colour.blue.paint(head) : head]
        let objectWidth = rows.map(\.event.object.count).max() ?? 0
        lines += rows.map { line($0, objectWidth: objectWidth, width: width, inColour: inColour) }
        let up = drawn > 0 ? "\u{1B}[\(drawn)A" : ""
        drawn = lines.count
        return up + lines.map { "\u{1B}[2K\($0)\n" }.joined()
    }

    private func line(_ row: Row, objectWidth: Int, width: Int, inColour: Bool) -> String {
        let event = row.event
        let object = event.object.padding(to: objectWidth)
        let detail = event.detail.map { " (\($0))" } ?? ""
        let elapsed = ((row.ended ?? .now) - row.began).tenths
        let room = max(0, width - objectWidth - elapsed.count - 6)
        let status = String("\(event.word)\(detail)".prefix(room)).padding(to: room)
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
    /// Blanks appended up to `width` characters.
    func padding(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

extension Duration {
    /// `1.2s`.
    fileprivate var tenths: String {
        let (seconds, attoseconds) = components
        return "\(seconds).\(attoseconds / 100_000_000_000_000_000)s"
    }
}

extension ProgressEvent {
    /// The event with everything escaped that could control a terminal.
    fileprivate var escapedForTerminal: ProgressEvent {
        var event = self
        event.object = object.escapedForTerminal()
        event.word = word.escapedForTerminal()
        event.detail = detail?.escapedForTerminal()
        return event
    }
}
