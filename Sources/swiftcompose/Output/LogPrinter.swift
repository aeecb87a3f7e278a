import Linux
import OCI
import Orchestrator
import Synchronization

/// Prints lines of several containers, each behind its container's name.
///
/// Bytes are collected and written in large pieces, or by `flush` when no further line is ready.
final class LogPrinter: Sendable {
    struct Style: Sendable {
        var showsPrefix = true
        var showsTime = false
        var showsColour = false
        /// A container's standard error goes to the command's, as in an attached `up`.
        var separatesStreams = false
    }

    private struct State {
        var prefixes: [[UInt8]] = []
        var names: [String] = []
        /// Names of hooks, which have no log; their colours follow those of `names`.
        var hooks: [String] = []
        var width = 0
        var pending: [UInt8] = []
        /// The destination of `pending`.
        var stream = StandardStream.output
    }

    private let style: Style
    private let write: @Sendable ([UInt8], StandardStream) -> Bool
    private let state = Mutex(State())

    /// `write` writes bytes to a standard stream; it returns false once the reader has closed it.
    init(
        _ style: Style,
        write: @escaping @Sendable ([UInt8], StandardStream) -> Bool = { $1.write($0) }
    ) {
        self.style = style
        self.write = write
    }

    /// Adds a container; lines refer to it by its position in the order of adding. A container with
    /// the name of an earlier one has its colour.
    func add(_ name: String) {
        state.withLock { state in
            state.names.append(name)
            widen(&state, for: name)
        }
    }

    private func widen(_ state: inout State, for name: String) {
        state.width = max(state.width, name.count)
        state.prefixes = state.names.map { name in
            prefix(of: name, colour: state.names.firstIndex(of: name) ?? 0, state.width)
        }
    }

    /// Prints a line; false once the output is closed.
    func print(_ line: LogLine) -> Bool {
        state.withLock { state in
            let stream: StandardStream =
                style.separatesStreams && line.stream == .error ? .error : .output
            // Keeps the order of both streams where they lead to the same terminal.
            if stream != state.stream { _ = write(&state) }
            state.stream = stream
            if style.showsPrefix { state.pending += state.prefixes[line.source] }
            if style.showsTime { state.pending += (line.time.description + " ").utf8 }
            state.pending += line.text
            if !line.continues { state.pending.append(UInt8(ascii: "\n")) }
            return state.pending.count < 65_536 || write(&state)
        }
    }

    /// Prints a line that a hook wrote, at once.
    private func print(_ text: String, ofHook name: String, at time: Timestamp) {
        state.withLock { state in
            let place = state.hooks.firstIndex(of: name) ?? state.hooks.count
            if place == state.hooks.count {
                state.hooks.append(name)
                widen(&state, for: name)
            }
            let colour = state.names.count + place
            var line = style.showsPrefix ? prefix(of: name, colour: colour, state.width) : []
            if style.showsTime { line += (time.description + " ").utf8 }
            line += (text + "\n").utf8
            _ = write(&state)
            _ = write(line, .output)
        }
    }

    /// Prints a line of the command itself among the containers' lines, at once.
    private func printNotice(_ text: String, to stream: StandardStream = .output) {
        state.withLock { state in
            _ = write(&state)
            _ = write(Array((text + "\n").utf8), stream)
        }
    }

    private func printWatchNotice(_ text: String) {
        let width = state.withLock { $0.width }
        let mark = String(repeating: " ", count: width + 1) + " \u{29BF} "
        let painted = style.showsColour ? Colour.brightGreen.paint(mark) : mark
        printNotice((style.showsPrefix ? painted : "") + text)
    }

    /// Writes out the pending lines; false once the output is closed.
    @discardableResult
    func flush() -> Bool { state.withLock { write(&$0) } }

    private func write(_ state: inout State) -> Bool {
        guard !state.pending.isEmpty else { return true }
        let isRead = write(state.pending, state.stream)
        state.pending.removeAll(keepingCapacity: true)
        return isRead
    }

    private func prefix(of name: String, colour index: Int, _ width: Int) -> [UInt8] {
        let colour = Colour.rainbow[index % Colour.rainbow.count]
        let text = name.padding(to: width + 1) + " | "
        return Array((style.showsColour ? colour.paint(text) : text).utf8)
    }
}

extension LogPrinter {
    /// This printer as attached commands use it.
    var display: LogDisplay {
        LogDisplay(
            addSource: { self.add($0) },
            print: { self.print($0) },
            flush: { self.flush() },
            show: { self.show($0) }
        )
    }

    private func show(_ notice: LogDisplay.Notice) {
        switch notice {
        case .attaching(let names): printNotice("Attaching to \(names.joined(separator: ", "))")
        case .exited(let name, let exit):
            let status = exit.code.map(String.init) ?? "unknown"
            printNotice(
                "\(name) exited with code \(status)"
                    + (exit.ranOutOfMemory ? " (out of memory)" : "")
                    + (exit.isRestarting ? " (restarting)" : "")
            )
        case .recreated(let name): printNotice("\(name) has been recreated")
        case .hookOutput(let name, let line, let time):
            print(line, ofHook: "\(name) ->", at: time)
        case .watch(let text): printWatchNotice(text)
        case .stopping: printNotice("Gracefully Stopping... press Ctrl+C again to force")
        case .aborting:
            let text = "Aborting on container exit..."
            printNotice(style.showsColour ? Colour.red.paint(text) : text, to: .error)
        }
    }
}
