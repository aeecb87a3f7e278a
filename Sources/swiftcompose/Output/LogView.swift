import FoundationEssentials
import Linux
import OCI
import Orchestrator
import Synchronization

/// Selects and rewrites log lines as `logs --grep`, `--level`, `--pretty` and `--json` ask.
final class LogView: Sendable {
    enum Form: Sendable {
        /// As written.
        case plain
        /// JSON objects as time, level, message and fields; other lines as written.
        case pretty
        /// Each line as a JSON object.
        case json
    }

    private struct State {
        var pattern: Regex<AnyRegexOutput>?
        var levels: LogFilter?
        var names: [String] = []
    }

    private let form: Form
    private let showsColour: Bool
    private let readsLevels: Bool
    private let state: Mutex<State>

    /// Throws if `grep` is not a regular expression.
    init(_ form: Form, grep: String?, level: LogLevel?, showsColour: Bool) throws {
        self.form = form
        self.showsColour = showsColour
        readsLevels = level != nil || form == .json
        let pattern = try grep.map { try Regex($0) }
        state = Mutex(State(pattern: pattern, levels: level.map { LogFilter(minimum: $0) }))
    }

    /// Adds a container; lines refer to it by its position in the order of adding.
    func add(_ name: String) { state.withLock { $0.names.append(name) } }

    /// The line to print; nil for one that is not wanted.
    func shown(_ line: LogLine) -> LogLine? {
        let text = String(decoding: line.text, as: UTF8.self)
        let level = readsLevels ? LogLevel(ofLine: text) : nil
        let name: String? = state.withLock { state in
            let isWanted = state.levels?.accepts(line, level: level) ?? true
            guard isWanted, state.pattern.map({ text.contains($0) }) ?? true else { return nil }
            return state.names[line.source]
        }
        guard let name else { return nil }
        var shown = line
        switch form {
        case .plain: return line
        case .pretty:
            guard let object = LogObject(text) else { return line }
            shown.text = Array(object.text(showsColour: showsColour).utf8)[...]
        case .json:
            let entry = LogEntryListing(name: name, line: line, level: level, text: text)
            shown.text = Array(JSONText.line(entry).utf8)[...]
            shown.continues = false
        }
        return shown
    }
}

extension LogDisplay {
    /// This display with the lines that `view` selects, as it shows them.
    func viewed(by view: LogView) -> LogDisplay {
        LogDisplay(
            addSource: { name in
                view.add(name)
                addSource(name)
            },
            print: { line in view.shown(line).map { print($0) } ?? true },
            flush: flush,
            show: show
        )
    }
}

/// A log line as `logs --json` prints it.
private struct LogEntryListing: Encodable {
    let name: String
    let line: LogLine
    let level: LogLevel?
    let text: String

    enum CodingKeys: String, CodingKey {
        case name, stream, time, level, message, fields
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(name, forKey: .name)
        try json.encode(line.stream == .output ? "stdout" : "stderr", forKey: .stream)
        try json.encode(line.time.description, forKey: .time)
        try json.encodeIfPresent(level?.name, forKey: .level)
        let object = LogObject(text)
        try json.encode(object?.message ?? text, forKey: .message)
        if let object { try json.encode(TemplateValue.object(object.all), forKey: .fields) }
    }
}

/// A log line that is a JSON object.
struct LogObject {
    let all: [String: TemplateValue]

    /// Nil for any other line.
    init?(_ text: String) {
        guard text.drop(while: \.isWhitespace).first == "{",
            // A line that only looks like JSON is shown as written.
            let value = try? JSONDecoder().decode(TemplateValue.self, from: Data(text.utf8)),
            case .object(let fields) = value
        else { return nil }
        all = fields
    }

    private static let messages = ["message", "msg"]
    private static let times = ["time", "timestamp", "ts", "@timestamp"]
    private static let levels = ["level", "severity", "lvl", "levelname", "loglevel"]

    var message: String? { Self.messages.lazy.compactMap { all[$0]?.text }.first }

    /// `TIME LEVEL MESSAGE KEY=VALUE`, without terminal control sequences of the line's own.
    func text(showsColour: Bool) -> String {
        var parts: [String] = []
        for key in Self.times { if let time = all[key] { parts.append(shown(time.text)) } }
        for key in Self.levels where all[key] != nil {
            parts.append(levelText(all[key]?.text ?? "", showsColour))
        }
        if let message { parts.append(shown(message)) }
        let known = Set(Self.messages + Self.times + Self.levels)
        for (key, value) in all.sorted(by: { $0.key < $1.key }) where !known.contains(key) {
            let name = showsColour ? Colour.cyan.paint(shown(key)) : shown(key)
            let quoted = value.text.contains { $0.isWhitespace || $0 == "\"" }
            parts.append("\(name)=\(quoted ? shown(value.json) : shown(value.text))")
        }
        return parts.joined(separator: " ")
    }

    private func shown(_ text: String) -> String { text.escapedForTerminal(keepingNewlines: true) }

    private func levelText(_ word: String, _ showsColour: Bool) -> String {
        guard let level = LogLevel(word) ?? Int(word).flatMap({ LogLevel(number: $0) }) else {
            return shown(word)
        }
        let name = level.name.uppercased()
        guard showsColour else { return name }
        switch level {
        case .trace, .debug: return Colour.blue.paint(name)
        case .info: return Colour.green.paint(name)
        case .warning: return Colour.yellow.paint(name)
        case .error, .fatal: return Colour.redBold.paint(name)
        }
    }
}
