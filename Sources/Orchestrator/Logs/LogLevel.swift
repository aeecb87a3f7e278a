import FoundationEssentials

/// The severity of a log line.
public enum LogLevel: Int, Sendable, CaseIterable, Comparable {
    case trace
    case debug
    case info
    case warning
    case error
    case fatal

    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The level that a word such as `WARN`, `err` or `critical` stands for.
    public init?(_ word: some StringProtocol) {
        switch word.lowercased() {
        case "trace": self = .trace
        case "debug", "dbg": self = .debug
        case "info", "information", "notice", "log": self = .info
        case "warn", "warning": self = .warning
        case "err", "error": self = .error
        case "fatal", "crit", "critical", "panic", "alert", "emerg", "emergency", "severe":
            self = .fatal
        default: return nil
        }
    }

    /// The level of a number as pino and bunyan write it: 30 for information, 50 for an error.
    public init?(number: Int) {
        guard (10...69).contains(number) else { return nil }
        self.init(rawValue: number / 10 - 1)
    }

    /// The name as `--level` takes it.
    public var name: String { "\(self)" }
}

extension LogLevel {
    /// The level that a line states, in JSON, in logfmt or at its beginning; nil if it states none.
    public init?(ofLine line: String) {
        let text = line.drop { $0.isWhitespace }
        if text.first == "{", let level = Self.ofJSON(text) {
            self = level
        } else if let level = Self.ofAssignment(text) ?? Self.ofWord(text) {
            self = level
        } else {
            return nil
        }
    }

    /// The member of a JSON object that states the level.
    private struct Statement: Decodable {
        struct Word: Decodable {
            var level: LogLevel?

            init(from decoder: any Decoder) throws {
                let value = try decoder.singleValueContainer()
                // A decoder does not report the type of a value, so both are tried.
                if let number = try? value.decode(Int.self) {
                    level = LogLevel(number: number)
                } else {
                    level = (try? value.decode(String.self)).flatMap { LogLevel($0) }
                }
            }
        }

        var level: Word?
        var lvl: Word?
        var severity: Word?
        var levelname: Word?
        var loglevel: Word?
    }

    private static func ofJSON(_ text: Substring) -> LogLevel? {
        // A line that only looks like JSON states its level in another form, if at all.
        guard
            let found = try? JSONDecoder().decode(Statement.self, from: Data(String(text).utf8))
        else { return nil }
        return [found.level, found.severity, found.lvl, found.levelname, found.loglevel]
            .compactMap { $0?.level }.first
    }

    /// `level=warn` or `severity="error"`.
    private static func ofAssignment(_ text: Substring) -> LogLevel? {
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, ["level", "lvl", "severity"].contains(parts[0].lowercased())
            else { continue }
            return LogLevel(parts[1].filter(\.isLetter))
        }
        return nil
    }

    /// A word in capitals, in brackets or before a colon, near the beginning: `ERROR`, `[warn]`,
    /// `fatal:`.
    private static func ofWord(_ text: Substring) -> LogLevel? {
        var rest = text.prefix(160)
        for _ in 0..<16 {
            rest = rest.drop { !$0.isLetter }
            let word = rest.prefix { $0.isLetter }
            guard !word.isEmpty else { return nil }
            let isFirst = word.startIndex == text.startIndex
            let before = isFirst ? nil : text[text.index(before: word.startIndex)] as Character?
            rest = rest[word.endIndex...]
            let stands =
                word.allSatisfy(\.isUppercase) || before == "[" && rest.first == "]"
                || rest.first == ":" && (before ?? " ").isWhitespace
            if stands, let level = LogLevel(word) { return level }
        }
        return nil
    }
}
