import ComposeFile
import Linux
import Notation
import OCI
import SystemPackage

extension ContainerDesign {
    /// `USER[:GROUP]` as given, by name or number.
    var user: String? {
        if let user = service.user, !user.isEmpty { return user }
        return config.user.isEmpty ? nil : config.user
    }

    /// The image's variables, overridden by the service's; PATH, HOSTNAME and TERM by default.
    var environment: [String] {
        var values: [String: String] = ["PATH": ImageConfiguration.Config.defaultPath]
        var order = ["PATH"]
        func set(_ name: String, _ value: String) {
            if values.updateValue(value, forKey: name) == nil { order.append(name) }
        }
        set("HOSTNAME", hostname)
        if service.tty { set("TERM", "xterm") }
        for entry in config.env {
            let (name, value) = entry.nameAndValue
            set(name, value ?? "")
        }
        for (name, value) in service.setEnvironment.sorted(by: { $0.key < $1.key }) {
            set(name, value)
        }
        // A variable without a value removes the image's.
        let unset = service.environment.filter { $0.value == nil }.keys
        return order.filter { !unset.contains($0) }.map { "\($0)=\(values[$0] ?? "")" }
    }

    /// The service's hostname, the host's for its network, or else the short id.
    var hostname: String {
        if let given = service.hostname, !given.isEmpty { return given }
        let inherited = networkUse == .host ? Self.hostnameOfHost : nil
        return inherited ?? String(id.prefix(12))
    }

    private static var hostnameOfHost: String? {
        // Without it a container on the host's network is named by its id.
        let text = try? FileSystem.readText("/proc/sys/kernel/hostname")
        return text?.split(separator: "\n").first.map(String.init)
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
