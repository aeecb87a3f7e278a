/// A parsed instruction of a Dockerfile.
public struct Instruction: Sendable, Equatable {
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

    /// The arguments, before variables are expanded.
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

    public var keyword: Keyword
    public var content: Content
    /// The flags in order.
    public var flags: [Flag]
    /// The heredocs that follow it.
    public var heredocs: [Heredoc]
    /// The position of the keyword.
    public var position: SourcePosition
    /// The last line of the instruction, including heredocs.
    public var lastLine: Int
    /// The text with its lines joined, without heredocs.
    public var source: String
}

extension Instruction {
    /// The value of the flag `name`; nil if it is not set.
    public func flag(_ name: String) -> String? { flags.first { $0.name == name }?.value }

    /// The values of a flag that may occur several times.
    public func flags(_ name: String) -> [String] { flags.filter { $0.name == name }.map(\.value) }

    /// The value of a Boolean flag such as `--link`.
    public func isOn(_ name: String, byDefault: Bool = false) -> Bool {
        flag(name).map { $0.lowercased() != "false" } ?? byDefault
    }
}

/// The arguments of COPY and ADD.
public struct Transfer: Sendable, Equatable {
    /// Paths and URLs, without heredocs.
    public var sources: [String]
    /// Heredocs.
    public var files: [Heredoc]
    public var destination: String
}

/// `NAME=VALUE` as written, including quotes.
public struct KeyValue: Sendable, Equatable {
    public var key: String
    public var value: String
    /// Whether it was written in the legacy form `NAME VALUE`.
    public var isLegacy = false

    public init(key: String, value: String, isLegacy: Bool = false) {
        self.key = key
        self.value = value
        self.isLegacy = isLegacy
    }
}

/// A variable declared by ARG.
public struct ArgumentDeclaration: Sendable, Equatable {
    public var name: String
    /// The default as written; nil if there is none.
    public var value: String?
}

/// A command in shell form or exec form.
public enum CommandForm: Sendable, Equatable {
    /// A command line for the shell.
    case shell(String)
    /// A program and its arguments.
    case exec([String])
}

/// The arguments of FROM.
public struct StageBase: Sendable, Equatable {
    /// An image, an earlier stage or `scratch`, as written.
    public var name: String
    /// The name of the stage in lower case; nil if it has none.
    public var alias: String?
    /// The alias as written.
    public var writtenAlias: String?
    /// Whether `AS` and `FROM` were written in different case.
    public var hasMixedCase = false
}

/// The arguments of HEALTHCHECK.
public enum HealthCheck: Sendable, Equatable {
    /// Disables the check of the base image.
    case none
    /// A command and its timing.
    case command(CommandForm, Timing)

    /// The timing of a check, in nanoseconds as images store it; zero stands for the default.
    public struct Timing: Sendable, Equatable {
        public var interval: Int64 = 0
        public var timeout: Int64 = 0
        public var startPeriod: Int64 = 0
        public var startInterval: Int64 = 0
        public var retries = 0
    }
}
