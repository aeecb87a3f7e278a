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
    @discardableResult
    func add(_ name: String) -> Int {
        state.withLock { state in
            state.names.append(name)
            state.width = max(state.width, name.count)
            state.prefixes = state.names.enumerated().map { index, name in
                prefix(name.padding(to: state.width + 1) + " | ", index)
            }
            return state.names.count - 1
        }
    }

    /// Prints a line that comes from no log, at once.
    func print(_ text: String, of place: Int, at time: Timestamp) {
        state.withLock { state in
            var line: [UInt8] = showsPrefix ? state.prefixes[place] : []
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

    private func prefix(_ text: String, _ index: Int) -> [UInt8] {
        let colour = Colour.rainbow[index % Colour.rainbow.count]
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
