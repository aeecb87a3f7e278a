public import Linux

/// A command to be run in a running container.
public struct ExecRequest: Sendable, Equatable {
    public var service: String
    /// The replica; 0 is the lowest running one, with those of `run` last.
    public var index: Int
    /// The id of the container, which takes precedence over service and replica.
    public var container: String?
    /// The id of this call in events; nil for a new one.
    public var id: String?
    public var command: [String]
    /// `NAME=value`; each overrides the container's own.
    public var environment: [String]
    /// `user[:group]` by name or number; nil for the container's own.
    public var user: String?
    public var workingDirectory: String?
    /// It has all capabilities and no seccomp filter.
    public var isPrivileged: Bool
    /// It runs in the background with `/dev/null` as its streams.
    public var isDetached: Bool
    public var hasTerminal: Bool
    /// The size of the terminal, if known.
    public var terminalSize: Terminal.Size?

    public init(
        service: String,
        index: Int = 0,
        command: [String],
        environment: [String] = [],
        user: String? = nil,
        workingDirectory: String? = nil,
        isPrivileged: Bool = false,
        isDetached: Bool = false,
        hasTerminal: Bool = false,
        terminalSize: Terminal.Size? = nil
    ) {
        self.service = service
        self.index = index
        self.command = command
        self.environment = environment
        self.user = user
        self.workingDirectory = workingDirectory
        self.isPrivileged = isPrivileged
        self.isDetached = isDetached
        self.hasTerminal = hasTerminal
        self.terminalSize = terminalSize
    }
}

extension ExecRequest {
    /// The kinds of messages in which a request is sent: a byte for the kind, then text. A text is
    /// no longer than what execve(2) accepts as one argument.
    enum Part {
        static let service = UInt8(ascii: "s")
        static let index = UInt8(ascii: "i")
        static let container = UInt8(ascii: "c")
        static let id = UInt8(ascii: "n")
        static let argument = UInt8(ascii: "a")
        static let variable = UInt8(ascii: "v")
        static let user = UInt8(ascii: "u")
        static let workingDirectory = UInt8(ascii: "w")
        static let privileged = UInt8(ascii: "p")
        static let detached = UInt8(ascii: "d")
        static let terminal = UInt8(ascii: "t")
        /// Rows, a space, columns.
        static let size = UInt8(ascii: "z")
        /// Carries the descriptor of the next of the three streams.
        static let stream = UInt8(ascii: "f")
        /// The request is complete.
        static let end = UInt8(ascii: ".")
    }

    /// The size of a message in bytes, at most: more than `MAX_ARG_STRLEN`, which is 32 pages.
    static let partLimit = 140_000

    /// The messages in order, without streams and end.
    var parts: [[UInt8]] {
        var parts = [Self.part(Part.service, service), Self.part(Part.index, "\(index)")]
        parts += command.map { Self.part(Part.argument, $0) }
        parts += environment.map { Self.part(Part.variable, $0) }
        if let container { parts.append(Self.part(Part.container, container)) }
        if let id { parts.append(Self.part(Part.id, id)) }
        if let user { parts.append(Self.part(Part.user, user)) }
        if let workingDirectory {
            parts.append(Self.part(Part.workingDirectory, workingDirectory))
        }
        if isPrivileged { parts.append([Part.privileged]) }
        if isDetached { parts.append([Part.detached]) }
        if hasTerminal { parts.append([Part.terminal]) }
        if let size = terminalSize {
            parts.append(Self.part(Part.size, "\(size.rows) \(size.columns)"))
        }
        return parts
    }

    /// Adds one of `parts`; returns false for an unknown message.
    mutating func take(_ part: [UInt8]) -> Bool {
        let text = String(decoding: part.dropFirst(), as: UTF8.self)
        switch part.first {
        case Part.service: service = text
        case Part.index: index = Int(text) ?? 0
        case Part.container: container = text
        case Part.id: id = text
        case Part.argument: command.append(text)
        case Part.variable: environment.append(text)
        case Part.user: user = text
        case Part.workingDirectory: workingDirectory = text
        case Part.privileged: isPrivileged = true
        case Part.detached: isDetached = true
        case Part.terminal: hasTerminal = true
        case Part.size:
            let numbers = text.split(separator: " ").compactMap { UInt16($0) }
            guard numbers.count == 2 else { return false }
            terminalSize = .init(rows: numbers[0], columns: numbers[1])
        default: return false
        }
        return true
    }

    private static func part(_ kind: UInt8, _ text: String) -> [UInt8] { [kind] + text.utf8 }
}
