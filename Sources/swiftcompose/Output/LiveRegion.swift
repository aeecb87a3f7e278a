import Linux
import Synchronization

/// The lines at the bottom of a terminal that are redrawn in place while other text scrolls above.
///
/// Everything a command writes to the terminal while lines are shown goes through `print`, which
/// puts it above them. A line enters the scrollback at most once, when its pane closes.
final class LiveRegion: Sendable {
    /// A group of lines that belong together, such as one progress display.
    struct Pane: Hashable, Sendable {
        fileprivate var number: Int
    }

    private struct State {
        var panes: [(pane: Pane, lines: [String])] = []
        /// Lines below all panes, which are never folded away.
        var footer: [String] = []
        var count = 0
        /// Widths of the lines that are on the screen now, in columns.
        var drawn: [Int] = []
        /// Whether the text above ended with a newline, so that lines can be drawn below it.
        var isAtLineStart = true
        /// Whether the cursor belongs to the user, who is answering a question.
        var isAsking = false
    }

    /// The stream that the lines are drawn on.
    private let stream: StandardStream
    private let write: @Sendable (StandardStream, [UInt8]) -> Bool
    private let size: @Sendable () -> Linux.Terminal.Size
    private let isTerminal: @Sendable (StandardStream) -> Bool
    private let state = Mutex(State())

    init(
        on stream: StandardStream = .error,
        write: @escaping @Sendable (StandardStream, [UInt8]) -> Bool,
        size: @escaping @Sendable () -> Linux.Terminal.Size,
        isTerminal: @escaping @Sendable (StandardStream) -> Bool = { $0.isTerminal }
    ) {
        self.stream = stream
        self.write = write
        self.size = size
        self.isTerminal = isTerminal
    }

    /// The maximum number of lines that leave one row for other text, and the number of columns.
    var room: (lines: Int, columns: Int) {
        let footer = state.withLock(\.footer.count)
        let room = whole
        return (max(1, room.lines - footer), room.columns)
    }

    private var whole: (lines: Int, columns: Int) {
        let size = size()
        return (max(1, Int(size.rows) - 1), max(1, Int(size.columns) - 1))
    }

    /// Replaces the lines below all panes.
    func showFooter(_ lines: [String]) {
        state.withLock { state in
            state.footer = lines
            redraw(&state)
        }
    }

    /// Opens a pane below the others.
    func open() -> Pane {
        state.withLock { state in
            state.count += 1
            let pane = Pane(number: state.count)
            state.panes.append((pane, []))
            return pane
        }
    }

    /// Replaces the lines of `pane`; a closed pane stays closed.
    func show(_ lines: [String], in pane: Pane) {
        state.withLock { state in
            guard let index = state.panes.firstIndex(where: { $0.pane == pane }) else { return }
            state.panes[index].lines = lines
            redraw(&state)
        }
    }

    /// Removes `pane` and prints `lines` above the remaining ones, as text that scrolls.
    func close(_ pane: Pane, leaving lines: [String]) {
        state.withLock { state in
            state.panes.removeAll { $0.pane == pane }
            redraw(&state, above: lines.map { $0 + "\n" }.joined())
        }
    }

    /// Writes bytes to a stream, above the lines; returns false once its reader has closed it.
    func print(_ bytes: [UInt8], to target: StandardStream) -> Bool {
        state.withLock { state in
            guard !bytes.isEmpty else { return true }
            let before = Array(erasure(&state).utf8)
            state.isAtLineStart = bytes.last == UInt8(ascii: "\n")
            let after = Array(drawing(&state).utf8)
            // Written as one, so that the lines do not flicker.
            if isTerminal(target) { return write(target, before + bytes + after) }
            if !before.isEmpty { _ = write(stream, before) }
            let isRead = write(target, bytes)
            if !after.isEmpty { _ = write(stream, after) }
            return isRead
        }
    }

    /// Calls `body`, which asks the user a question and reads the answer, while no lines are shown.
    func asking<Answer>(_ body: () -> Answer) -> Answer {
        state.withLock { state in
            erase(&state)
            state.isAsking = true
        }
        defer {
            state.withLock { state in
                state.isAsking = false
                redraw(&state)
            }
        }
        return body()
    }

    private func erase(_ state: inout State) {
        guard !state.drawn.isEmpty else { return }
        _ = write(stream, Array(erasure(&state).utf8))
    }

    /// Returns the sequence that moves to the first drawn line and clears the screen below.
    private func erasure(_ state: inout State) -> String {
        guard !state.drawn.isEmpty else { return "" }
        // A line that was drawn on a wider terminal now takes several rows.
        let columns = max(1, Int(size().columns))
        let rows = state.drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        state.drawn = []
        return "\u{1B}[\(rows)A\r\u{1B}[J"
    }

    private func redraw(_ state: inout State, above text: String = "") {
        let output = erasure(&state) + text + drawing(&state)
        if !output.isEmpty { _ = write(stream, Array(output.utf8)) }
    }

    /// Returns the lines to draw at the cursor.
    private func drawing(_ state: inout State) -> String {
        guard state.isAtLineStart, !state.isAsking else { return "" }
        let room = whole
        let footer = state.footer.suffix(room.lines).map { $0.cut(to: room.columns) }
        // The panes that opened last are the most recent work.
        let lines = state.panes.flatMap(\.lines).suffix(room.lines - footer.count) + footer
        state.drawn = lines.map(\.columns)
        return lines.map { $0 + "\n" }.joined()
    }
}
