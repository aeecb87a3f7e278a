import Linux
import Orchestrator
import Synchronization

/// The notation of progress.
enum ProgressMode: String, Sendable, CaseIterable {
    case auto
    case tty
    case plain
    case json
    case quiet
    case none
}

/// Shows the progress of one piece of work.
final class ProgressDisplay: Sendable {
    private let output: ProgressOutput
    private let mode: ProgressMode
    private let isDryRun: Bool
    private let board: Mutex<ProgressBoard>
    private let pane: LiveRegion.Pane?
    /// The last event of each object, so that none is printed twice.
    private let latest = Mutex<[String: ProgressEvent]>([:])
    /// The time of the first event of each object.
    private let starts = Mutex<[String: ContinuousClock.Instant]>([:])

    init(title: String, mode: ProgressMode, output: ProgressOutput, isDryRun: Bool = false) {
        self.output = output
        self.isDryRun = isDryRun
        self.mode = mode == .auto ? (output.isInteractive ? .tty : .plain) : mode
        board = Mutex(ProgressBoard(title: title))
        pane = self.mode == .tty ? output.region.open() : nil
    }

    /// Receives the work's events.
    var sink: ProgressSink { { [self] event in show(event.quoted) } }

    private func show(_ event: ProgressEvent) {
        switch mode {
        case .quiet, .none: return
        case .json: write(json(event))
        case .plain:
            // Bytes of layers are for terminals; a log shows the completion.
            if event.parent != nil, event.stage == .working { return }
            let isNew = latest.withLock { $0.updateValue(event, forKey: event.object) != event }
            if isNew { write(plain(event)) }
            starts.withLock { starts in
                if starts[event.object] == nil { starts[event.object] = .now }
            }
        case .auto, .tty: redraw { $0.note(event) }
        }
    }

    private func plain(_ event: ProgressEvent) -> String {
        let prefix = isDryRun ? " DRY-RUN MODE - " : " "
        let detail = event.detail.map { " (\($0))" } ?? ""
        let elapsed = event.stage == .working ? nil : elapsed(of: event.object)
        return "\(prefix)\(event.object)  \(event.word)\(detail)" + (elapsed ?? "")
    }

    /// The time since the first event of an object; nil where there was no earlier one.
    private func elapsed(of object: String) -> String? {
        let start = starts.withLock { $0[object] }
        return start.map { "  \((ContinuousClock.now - $0).tenths)" }
    }

    private func json(_ event: ProgressEvent) -> String {
        struct Line: Encodable {
            var dryRun: Bool?
            var id: String
            var parent: String?
            var status: String
            var text: String?
            var current: Int64?
            var total: Int64?
            var percent: Int64?
            enum CodingKeys: String, CodingKey {
                case dryRun = "dry-run"
                case id
                case parent = "parent_id"
                case status
                case text
                case current
                case total
                case percent
            }
        }
        let line = Line(
            dryRun: isDryRun ? true : nil,
            id: event.object,
            parent: event.parent,
            status: event.word,
            text: event.detail,
            current: event.amount?.current,
            total: event.amount?.total,
            percent: event.amount?.percent
        )
        return JSONText.line(line)
    }

    /// Redraws the board every 100 ms until the task is cancelled; only a terminal needs it.
    func animate() async {
        guard mode == .tty else { return }
        while !Task.isCancelled {
            redraw { $0.tick() }
            // Cancellation ends this loop.
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Leaves the final state of every object on the terminal.
    func finish() {
        guard let pane else { return }
        let lines = board.withLock { board in
            board.lines(
                width: output.region.room.columns,
                height: .max,
                inColour: output.showsColour
            )
        }
        output.region.close(pane, leaving: lines)
    }

    private func redraw(_ change: (inout ProgressBoard) -> Void) {
        guard let pane else { return }
        let room = output.region.room
        let lines = board.withLock { board in
            change(&board)
            return board.lines(
                width: room.columns,
                height: room.lines,
                inColour: output.showsColour
            )
        }
        output.region.show(lines, in: pane)
    }

    private func write(_ line: String) {
        _ = output.region.print(Array((line + "\n").utf8), to: output.stream)
    }
}

/// The stream that progress is shown on.
struct ProgressOutput: Sendable {
    let region: LiveRegion
    let stream: StandardStream
    let isInteractive: Bool
    let showsColour: Bool
}

extension ProgressEvent.Amount {
    /// The part that is done, in percent; nil without a total.
    var percent: Int64? { total > 0 ? Int64(100 * Double(current) / Double(total)) : nil }
}

extension ProgressEvent {
    /// The event with its texts safe to print on one line.
    fileprivate var quoted: ProgressEvent {
        ProgressEvent(
            object.escapedForTerminal(),
            word.escapedForTerminal(),
            stage,
            // The remaining lines are part of the error that ends the command.
            detail: detail.map { $0.prefix { $0 != "\n" }.escapedForTerminal() },
            parent: parent.map { $0.escapedForTerminal() },
            amount: amount
        )
    }
}
