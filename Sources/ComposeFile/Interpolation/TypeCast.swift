import YAML

/// The type of an attribute to which an interpolated string is converted.
enum TypeCast: String {
    case integer = "an integer"
    case float = "a number"
    case boolean = "true or false"

    /// Converts a string; nil if it is not a value of this type.
    ///
    /// As in docker compose, numbers are decimal, and booleans are those of YAML 1.1.
    func content(of text: String) -> YAMLNode.Content? {
        switch self {
        case .integer: Int(text).map { .integer($0) }
        case .float: TypeCast.float(text).map { .float($0) }
        case .boolean: BooleanText.yaml(text).map { .bool($0) }
        }
    }

    /// Whether a string is a boolean in YAML 1.1 but not in 1.2.
    static func isOutdatedBoolean(_ text: String) -> Bool {
        ["y", "yes", "on", "n", "no", "off"].contains(text.lowercased())
    }

    private static func float(_ text: String) -> Double? {
        let lower = text.lowercased()
        if lower.contains("x"), !lower.contains("p") { return nil }
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }

    /// The type of each attribute.
    static let table = PathTable<TypeCast>([
        "services.*.cpu_count": .integer,
        "services.*.cpu_percent": .float,
        "services.*.cpu_period": .integer,
        "services.*.cpu_quota": .integer,
        "services.*.cpu_rt_period": .integer,
        "services.*.cpu_rt_runtime": .integer,
        "services.*.cpus": .float,
        "services.*.cpu_shares": .integer,
        "services.*.init": .boolean,
        "services.*.deploy.replicas": .integer,
        "services.*.deploy.update_config.parallelism": .integer,
        "services.*.deploy.update_config.max_failure_ratio": .float,
        "services.*.deploy.rollback_config.parallelism": .integer,
        "services.*.deploy.rollback_config.max_failure_ratio": .float,
        "services.*.deploy.restart_policy.max_attempts": .integer,
        "services.*.deploy.placement.max_replicas_per_node": .integer,
        "services.*.healthcheck.retries": .integer,
        "services.*.healthcheck.disable": .boolean,
        "services.*.oom_kill_disable": .boolean,
        "services.*.oom_score_adj": .integer,
        "services.*.pids_limit": .integer,
        "services.*.ports.[].target": .integer,
        "services.*.privileged": .boolean,
        "services.*.read_only": .boolean,
        "services.*.scale": .integer,
        "services.*.stdin_open": .boolean,
        "services.*.tty": .boolean,
        "services.*.ulimits.*": .integer,
        "services.*.ulimits.*.hard": .integer,
        "services.*.ulimits.*.soft": .integer,
        "services.*.volumes.[].read_only": .boolean,
        "services.*.volumes.[].volume.nocopy": .boolean,
        "networks.*.external": .boolean,
        "networks.*.internal": .boolean,
        "networks.*.attachable": .boolean,
        "networks.*.enable_ipv4": .boolean,
        "networks.*.enable_ipv6": .boolean,
        "volumes.*.external": .boolean,
        "secrets.*.external": .boolean,
        "configs.*.external": .boolean,
    ])
}
