import ImageBuilder
import Linux
import Orchestrator
import Synchronization

/// Shows the progress of a build: a board that is redrawn, lines as BuildKit's plain progress, or
/// lines of JSON.
final class BuildDisplay: Sendable {
    private let output: ProgressOutput
    private let mode: ProgressMode
    private let write: @Sendable (String) -> Void
    private let plain = Mutex(PlainBuildProgress())
    private let names = Mutex<[BuildEvent.StepID: String]>([:])
    private let board = Mutex(BuildBoard(at: .now))
    private let pane: LiveRegion.Pane?

    /// Lines go to `write` if it is given, in which case there is no board.
    init(
        mode: ProgressMode,
        output: ProgressOutput,
        write: (@Sendable (String) -> Void)? = nil
    ) {
        self.output = output
        let automatic = output.isInteractive && write == nil ? ProgressMode.tty : .plain
        self.mode = mode == .auto || mode == .tty && write != nil ? automatic : mode
        self.write =
            write ?? { line in
                _ = output.region.print(Array((line + "\n").utf8), to: output.stream)
            }
        pane = self.mode == .tty ? output.region.open() : nil
    }

    /// Receives the events of the builder.
    var sink: BuildProgress { { [self] event in show(event) } }

    private func show(_ event: BuildEvent) {
        switch mode {
        case .quiet, .none: return
        case .plain: plain.withLock { $0.lines(for: event).forEach(write) }
        case .json: write(names.withLock { json(event, &$0) })
        case .auto, .tty:
            if case .notice(let text) = event { write(text.escapedForTerminal()) }
            redraw { $0.note(event, at: .now) }
        }
    }

    /// The event as a line of JSON with the keys of other progress.
    private func json(_ event: BuildEvent, _ names: inout [BuildEvent.StepID: String]) -> String {
        struct Line: Encodable {
            var id: String?
            var status: String
            var text: String?
            /// In seconds.
            var elapsed: Double?
        }
        let line: Line
        switch event {
        case .started(let step, let name):
            names[step] = name
            line = Line(id: name, status: "Started")
        case .output(let step, let text, let time):
            line = Line(id: names[step], status: "Working", text: text, elapsed: time.decimal)
        case .cached(let step): line = Line(id: names[step], status: "Cached")
        case .done(let step, let time):
            line = Line(id: names[step], status: "Done", elapsed: time.decimal)
        case .failed(let step, let reason):
            line = Line(id: names[step], status: "Error", text: reason)
        case .notice(let text): line = Line(status: "Warning", text: text)
        }
        return JSONText.line(line)
    }

    /// Redraws the board every 100 ms until the task is cancelled; only a terminal needs it.
    func animate() async {
        guard mode == .tty else { return }
        while !Task.isCancelled {
            redraw { _ in }
            // Cancellation ends this loop.
            try? await Task.sleep(for: .milliseconds(100))
        }
    }

    /// Leaves the final state of every step on the terminal.
    func finish() {
        guard let pane else { return }
        output.region.close(pane, leaving: board.withLock { drawing(of: $0, height: .max) })
    }

    private func redraw(_ change: (inout BuildBoard) -> Void) {
        guard let pane else { return }
        let height = output.region.room.lines
        let lines = board.withLock { board in
            change(&board)
            return drawing(of: board, height: height)
        }
        output.region.show(lines, in: pane)
    }

    private func drawing(of board: BuildBoard, height: Int) -> [String] {
        board.lines(
            width: output.region.room.columns,
            height: height,
            inColour: output.showsColour,
            at: .now
        )
    }
}

extension Duration {
    /// The seconds, to a thousandth.
    fileprivate var decimal: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds / 1_000_000_000_000_000) / 1000
    }
}
