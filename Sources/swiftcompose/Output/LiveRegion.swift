import Linux
import Synchronization

/// The lines at the bottom of a terminal that are redrawn in place while other text scrolls above.
///
/// Everything a command writes to the terminal while lines are shown goes through `print`, which
/// puts it above them. A line is in the scrollback once at most: when its pane closes.
final class LiveRegion: Sendable {
    /// A group of lines that belong together, such as one progress display.
    struct Pane: Hashable, Sendable {
        fileprivate var number: Int
    }

    private struct State {
        var panes: [(pane: Pane, lines: [String])] = []
        var count = 0
        /// Widths of the lines that are on the screen now, in columns.
        var drawn: [Int] = []
        /// Whether the text above ended with a newline, so that lines can be drawn below it.
        var isAtLineStart = true
    }

    /// The stream that the lines are drawn on.
    private let stream: StandardStream
    private let write: @Sendable (StandardStream, [UInt8]) -> Bool
    private let size: @Sendable () -> Linux.Terminal.Size
    private let state = Mutex(State())

    init(
        on stream: StandardStream = .error,
        write: @escaping @Sendable (StandardStream, [UInt8]) -> Bool,
        size: @escaping @Sendable () -> Linux.Terminal.Size
    ) {
        self.stream = stream
        self.write = write
        self.size = size
    }

    /// The most lines that fit below at least one line of other text, and the columns of each.
    var room: (lines: Int, columns: Int) {
        let size = size()
        return (max(1, Int(size.rows) - 1), max(1, Int(size.columns) - 1))
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

    /// Removes `pane` and leaves `lines` above the remaining ones, to scroll away.
    func close(_ pane: Pane, leaving lines: [String]) {
        state.withLock { state in
            state.panes.removeAll { $0.pane == pane }
            redraw(&state, above: lines.map { $0 + "\n" }.joined())
        }
    }

    /// Writes bytes to a stream, above the lines; false once nothing reads them.
    func print(_ bytes: [UInt8], to target: StandardStream) -> Bool {
        state.withLock { state in
            guard !bytes.isEmpty else { return true }
            erase(&state)
            let isRead = write(target, bytes)
            state.isAtLineStart = bytes.last == UInt8(ascii: "\n")
            redraw(&state)
            return isRead
        }
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
        if state.panes.isEmpty, state.drawn.isEmpty, text.isEmpty { return }
        var output = erasure(&state) + text
        let room = room
        // The panes that opened last are the most recent work.
        let lines = state.panes.flatMap(\.lines).suffix(room.lines)
        if state.isAtLineStart {
            for line in lines {
                output += line + "\n"
                state.drawn.append(Self.width(of: line))
            }
        }
        if !output.isEmpty { _ = write(stream, Array(output.utf8)) }
    }

    /// Columns that `line` takes, colours not counted.
    static func width(of line: String) -> Int {
        var (count, isSequence) = (0, false)
        for character in line {
            if isSequence {
                if character.isLetter { isSequence = false }
            } else if character == "\u{1B}" {
                isSequence = true
            } else {
                count += 1
            }
        }
        return count
    }
}
