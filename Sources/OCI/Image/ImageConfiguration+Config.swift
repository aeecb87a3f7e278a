extension ImageConfiguration {
    /// The default settings of containers of the image.
    public struct Config: Sendable, Equatable {
        /// `user[:group]`, by name or number; empty for root.
        public var user = ""
        /// `port/protocol`, sorted.
        public var exposedPorts: [String] = []
        /// `NAME=value`, in order of definition.
        public var env: [String] = []
        /// Nil if not set; empty if set to an empty list.
        public var entrypoint: [String]?
        /// The arguments of the entrypoint, or the command without one.
        public var cmd: [String]?
        /// Directories inside the container, sorted.
        public var volumes: [String] = []
        /// Empty for `/`.
        public var workingDir = ""
        public var labels: [String: String] = [:]
        /// `SIGTERM` or a number; nil if not set.
        public var stopSignal: String?
        public var healthcheck: HealthCheck?
        /// The shell of shell-form instructions; nil for `/bin/sh -c`.
        public var shell: [String]?
        /// Instructions to run in builds based on the image.
        public var onBuild: [String] = []
        /// Windows only: whether the command is already escaped.
        public var argsEscaped = false

        public init() {}

        /// The `PATH` of a container whose image sets none, as with Docker.
        public static let defaultPath =
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    }
}

extension ImageConfiguration.Config: Codable {
    private enum CodingKeys: String, CodingKey {
        case user = "User"
        case exposedPorts = "ExposedPorts"
        case env = "Env"
        case entrypoint = "Entrypoint"
        case cmd = "Cmd"
        case volumes = "Volumes"
        case workingDir = "WorkingDir"
        case labels = "Labels"
        case stopSignal = "StopSignal"
        case healthcheck = "Healthcheck"
        case shell = "Shell"
        case onBuild = "OnBuild"
        case argsEscaped = "ArgsEscaped"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        user = try container.decodeIfPresent(String.self, forKey: .user) ?? ""
        exposedPorts = try container.decodeSet(forKey: .exposedPorts)
        env = try container.decodeIfPresent([String].self, forKey: .env) ?? []
        entrypoint = try container.decodeIfPresent([String].self, forKey: .entrypoint)
        cmd = try container.decodeIfPresent([String].self, forKey: .cmd)
        volumes = try container.decodeSet(forKey: .volumes)
        workingDir = try container.decodeIfPresent(String.self, forKey: .workingDir) ?? ""
        labels = try container.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        stopSignal = try container.decodeIfPresent(String.self, forKey: .stopSignal).nonEmpty
        healthcheck = try container.decodeIfPresent(
            ImageConfiguration.HealthCheck.self,
            forKey: .healthcheck
        )
        shell = try container.decodeIfPresent([String].self, forKey: .shell)
        onBuild = try container.decodeIfPresent([String].self, forKey: .onBuild) ?? []
        argsEscaped = try container.decodeIfPresent(Bool.self, forKey: .argsEscaped) ?? false
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if !user.isEmpty { try container.encode(user, forKey: .user) }
        try container.encodeSet(exposedPorts, forKey: .exposedPorts)
        if !env.isEmpty { try container.encode(env, forKey: .env) }
        try container.encodeIfPresent(entrypoint, forKey: .entrypoint)
        try container.encodeIfPresent(cmd, forKey: .cmd)
        try container.encodeSet(volumes, forKey: .volumes)
        if !workingDir.isEmpty { try container.encode(workingDir, forKey: .workingDir) }
        if !labels.isEmpty { try container.encode(labels, forKey: .labels) }
        try container.encodeIfPresent(stopSignal, forKey: .stopSignal)
        try container.encodeIfPresent(healthcheck, forKey: .healthcheck)
        try container.encodeIfPresent(shell, forKey: .shell)
        if !onBuild.isEmpty { try container.encode(onBuild, forKey: .onBuild) }
        if argsEscaped { try container.encode(true, forKey: .argsEscaped) }
    }
}

/// The empty object that Go programs write as the value of each member of a set.
private struct Nothing: Codable {}

extension KeyedDecodingContainer {
    fileprivate func decodeSet(forKey key: Key) throws -> [String] {
        try decodeIfPresent([String: Nothing?].self, forKey: key)?.keys.sorted() ?? []
    }
}

extension KeyedEncodingContainer {
    fileprivate mutating func encodeSet(_ set: [String], forKey key: Key) throws {
        guard !set.isEmpty else { return }
        try encode(Dictionary(set.map { ($0, Nothing()) }) { first, _ in first }, forKey: key)
    }
}
