import Linux
import OCI
import Orchestrator
import Synchronization

/// Prints lines of several containers, each behind its container's name.
///
/// Bytes are gathered and written in large pieces; `flush` when nothing more comes at once.
final class LogPrinter: Sendable {
    private struct State {
        var prefixes: [[UInt8]] = []
        var names: [String] = []
        /// Who speaks without having a log, after them.
        var guests: [String] = []
        var width = 0
        var pending: [UInt8] = []
        /// Where they go.
        var stream = StandardStream.output
    }

    private let showsPrefix: Bool
    private let showsTime: Bool
    private let inColour: Bool
    /// A container's standard error goes to ours, as in an attached `up`.
    private let keepsStreamsApart: Bool
    private let state = Mutex(State())

    init(showsPrefix: Bool, showsTime: Bool, inColour: Bool, keepsStreamsApart: Bool = false) {
        self.showsPrefix = showsPrefix
        self.showsTime = showsTime
        self.inColour = inColour
        self.keepsStreamsApart = keepsStreamsApart
    }

    /// Adds a container; lines name it by its place in the order of adding.
    /// One that takes another's place has its colour.
    func add(_ name: String) {
        state.withLock { state in
            state.names.append(name)
            widen(&state, for: name)
        }
    }

    /// Adds somebody who has no log; the place is for `print`.
    func addGuest(_ name: String) -> Int {
        state.withLock { state in
            state.guests.append(name)
            widen(&state, for: name)
            return state.guests.count - 1
        }
    }

    private func widen(_ state: inout State, for name: String) {
        state.width = max(state.width, name.count)
        state.prefixes = state.names.map { name in
            prefix(of: name, colour: state.names.firstIndex(of: name) ?? 0, state.width)
        }
    }

    /// Prints a line that comes from no log, at once.
    func print(_ text: String, ofGuest place: Int, at time: Timestamp) {
        state.withLock { state in
            let (name, colour) = (state.guests[place], state.names.count + place)
            var line = showsPrefix ? prefix(of: name, colour: colour, state.width) : []
            if showsTime { line += (time.description + " ").utf8 }
            line += (text + "\n").utf8
            _ = write(&state)
            StandardStream.output.write(line)
        }
    }

    /// False once nobody reads any more.
    func print(_ line: LogLine) -> Bool {
        state.withLock { state in
            let stream: StandardStream =
                keepsStreamsApart && line.stream == .error ? .error : .output
            // Whoever sees both sees them in order.
            if stream != state.stream { _ = write(&state) }
            state.stream = stream
            if showsPrefix { state.pending += state.prefixes[line.source] }
            if showsTime { state.pending += (line.time.description + " ").utf8 }
            state.pending += line.text
            if !line.continues { state.pending.append(UInt8(ascii: "\n")) }
            return state.pending.count < 65_536 || write(&state)
        }
    }

    /// Prints a line about files that are watched, at once.
    func printOfFiles(_ text: String) {
        state.withLock { state in
            _ = write(&state)
            let mark = String(repeating: " ", count: state.width + 1) + " \u{29BF} "
            let prefix = showsPrefix ? (inColour ? Colour.brightGreen.paint(mark) : mark) : ""
            StandardStream.output.write((prefix + text + "\n").utf8)
        }
    }

    /// Prints one whole line of our own among the containers'.
    func say(_ text: String) {
        state.withLock { state in
            _ = write(&state)
            StandardStream.output.write((text + "\n").utf8)
        }
    }

    /// False once nobody reads any more.
    @discardableResult
    func flush() -> Bool { state.withLock { write(&$0) } }

    private func write(_ state: inout State) -> Bool {
        guard !state.pending.isEmpty else { return true }
        let isRead = state.stream.write(state.pending)
        state.pending.removeAll(keepingCapacity: true)
        return isRead
    }

    private func prefix(of name: String, colour index: Int, _ width: Int) -> [UInt8] {
        let colour = Colour.rainbow[index % Colour.rainbow.count]
        let text = name.padding(to: width + 1) + " | "
        return Array((inColour ? colour.paint(text) : text).utf8)
    }
}

extension ContainerRecord {
    /// The container's name as logs show it: without its project, unless the file gave it.
    var logName: String {
        let usual = "\(service)-\(number)"
        return name == "\(project)-\(usual)" ? usual : name
    }
}
