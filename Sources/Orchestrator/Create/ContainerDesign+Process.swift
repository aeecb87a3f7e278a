import ComposeFile
import OCI

extension ContainerDesign {
    /// `USER[:GROUP]` as given, by name or number.
    var user: String? {
        if let user = service.user, !user.isEmpty { return user }
        return config.user.isEmpty ? nil : config.user
    }

    /// The image's variables, then the service's; PATH and TERM where neither gives them.
    var environment: [String] {
        var values: [String: String] = ["PATH": ImageConfiguration.Config.defaultPath]
        var order = ["PATH"]
        func set(_ name: String, _ value: String) {
            if values.updateValue(value, forKey: name) == nil { order.append(name) }
        }
        set("HOSTNAME", hostname)
        if service.tty { set("TERM", "xterm") }
        for entry in config.env {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            set(String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
        for (name, value) in service.setEnvironment.sorted(by: { $0.key < $1.key }) {
            set(name, value)
        }
        // A variable without a value is not there, whatever the image says.
        let unset = service.environment.filter { $0.value == nil }.keys
        return order.filter { !unset.contains($0) }.map { "\($0)=\(values[$0] ?? "")" }
    }

    /// The file's, that of the host with its network, or else the beginning of the id.
    var hostname: String {
        if let given = service.hostname, !given.isEmpty { return given }
        let host = networkUse == .host ? HostName.current : nil
        return host ?? String(id.prefix(12))
    }

    func resourceLimit(
        _ name: String,
        _ limit: Ulimit
    ) throws -> RuntimeSpecification.ResourceLimit {
        guard Self.limitNames.contains(name) else {
            throw OrchestratorError.invalidValue(
                service.place(of: "ulimits"),
                value: name,
                wanted: "one of \(Self.limitNames.sorted().joined(separator: ", "))"
            )
        }
        return RuntimeSpecification.ResourceLimit(
            type: "RLIMIT_\(name.uppercased())",
            soft: limit.soft < 0 ? .max : UInt64(limit.soft),
            hard: limit.hard < 0 ? .max : UInt64(limit.hard)
        )
    }

    /// Source: getrlimit(2).
    private static let limitNames: Set<String> = [
        "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile",
        "nproc", "rss", "rtprio", "rttime", "sigpending", "stack",
    ]
}
