/// One line of a Dockerfile, understood.
public struct Instruction: Sendable, Equatable {
    /// The instruction's word in capitals.
    public enum Keyword: String, Sendable, CaseIterable {
        case add = "ADD"
        case arg = "ARG"
        case cmd = "CMD"
        case copy = "COPY"
        case entrypoint = "ENTRYPOINT"
        case env = "ENV"
        case expose = "EXPOSE"
        case from = "FROM"
        case healthcheck = "HEALTHCHECK"
        case label = "LABEL"
        case maintainer = "MAINTAINER"
        case onbuild = "ONBUILD"
        case run = "RUN"
        case shell = "SHELL"
        case stopsignal = "STOPSIGNAL"
        case user = "USER"
        case volume = "VOLUME"
        case workdir = "WORKDIR"
    }

    /// Its arguments, by instruction; variables are not expanded yet.
    public enum Content: Sendable, Equatable {
        case add(Transfer)
        case arg([ArgumentDeclaration])
        case cmd(CommandForm)
        case copy(Transfer)
        case entrypoint(CommandForm)
        case env([KeyValue])
        case expose([String])
        case from(StageBase)
        case healthcheck(HealthCheck)
        case label([KeyValue])
        case maintainer(String)
        case onbuild(String)
        case run(CommandForm)
        case shell([String])
        case stopsignal(String)
        case user(String)
        case volume([String])
        case workdir(String)
    }

    /// Which instruction.
    public var keyword: Keyword
    /// What it is given.
    public var content: Content
    /// Its flags, in order.
    public var flags: [Flag]
    /// The heredocs that follow it.
    public var heredocs: [Heredoc]
    /// Where its word stands.
    public var position: SourcePosition
    /// The last line that belongs to it, heredocs included.
    public var lastLine: Int
    /// The text as written, its lines joined, without heredocs.
    public var source: String
}

extension Instruction {
    /// The value of the flag `name`; nil when it is not there.
    public func flag(_ name: String) -> String? { flags.first { $0.name == name }?.value }

    /// The values of a flag that may be repeated.
    public func flags(_ name: String) -> [String] { flags.filter { $0.name == name }.map(\.value) }

    /// Whether a switch such as `--link` is on.
    public func isOn(_ name: String, byDefault: Bool = false) -> Bool {
        flag(name).map { $0.lowercased() != "false" } ?? byDefault
    }
}

/// Sources and a destination: the arguments of COPY and ADD.
public struct Transfer: Sendable, Equatable {
    /// Paths, URLs; those of heredocs are not among them.
    public var sources: [String]
    /// Files written in the Dockerfile itself.
    public var files: [Heredoc]
    /// Where to.
    public var destination: String
}

/// `NAME=VALUE` as written, quotes and all.
public struct KeyValue: Sendable, Equatable {
    /// Left of the sign.
    public var key: String
    /// Right of it.
    public var value: String
    /// Whether it was written `NAME VALUE`, without a sign.
    public var isLegacy = false

    /// A pair with a sign between.
    public init(key: String, value: String, isLegacy: Bool = false) {
        self.key = key
        self.value = value
        self.isLegacy = isLegacy
    }
}

/// One name of an ARG line.
public struct ArgumentDeclaration: Sendable, Equatable {
    /// The variable.
    public var name: String
    /// Its default as written; nil when it has none.
    public var value: String?
}

/// A command in one of its two forms.
public enum CommandForm: Sendable, Equatable {
    /// Text for the shell.
    case shell(String)
    /// A program and its arguments.
    case exec([String])
}

/// What FROM says.
public struct StageBase: Sendable, Equatable {
    /// An image, an earlier stage or `scratch`, as written.
    public var name: String
    /// The stage's own name, in small letters; nil when it has none.
    public var alias: String?
    /// The alias as written.
    public var writtenAlias: String?
    /// Whether `AS` was written in another case of letters than `FROM`.
    public var hasMixedCase = false
}

/// What HEALTHCHECK says.
public enum HealthCheck: Sendable, Equatable {
    /// No check, not even the base image's.
    case none
    /// A command, and times in nanoseconds as the image stores them; zero means the default.
    case command(CommandForm, Timing)

    /// When the check runs.
    public struct Timing: Sendable, Equatable {
        public var interval: Int64 = 0
        public var timeout: Int64 = 0
        public var startPeriod: Int64 = 0
        public var startInterval: Int64 = 0
        public var retries = 0
    }
}
