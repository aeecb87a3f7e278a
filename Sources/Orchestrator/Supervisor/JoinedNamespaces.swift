import OCI

/// The namespaces that a container takes from other, running containers.
struct JoinedNamespaces {
    private var paths: [RuntimeSpecification.Namespace.Kind: String] = [:]

    /// Finds the processes to join; throws when one of the containers does not run.
    init(_ record: ContainerRecord, in supervisor: Supervisor) throws(ControlServer.Refusal) {
        var wanted = record.joins
        if case .container(let other) = record.network { wanted["network"] = other }
        for (name, other) in wanted {
            guard let type = RuntimeSpecification.Namespace.Kind(rawValue: name) else { continue }
            let file = Self.files[name] ?? name
            paths[type] = "/proc/\(try Self.pid(of: other, in: supervisor))/ns/\(file)"
        }
    }

    func apply(to specification: inout RuntimeSpecification) {
        guard !paths.isEmpty else { return }
        var namespaces = specification.linux?.namespaces ?? []
        namespaces.removeAll { paths[$0.type] != nil }
        namespaces += paths.map { RuntimeSpecification.Namespace($0.key, path: $0.value) }
        specification.linux?.namespaces = namespaces
    }

    /// Names in `/proc/PID/ns` that differ from the specification's.
    private static let files = ["network": "net", "mount": "mnt"]

    private static func pid(
        of container: String,
        in supervisor: Supervisor
    ) throws(ControlServer.Refusal) -> Int32 {
        if let pid = supervisor.runningPID(of: container) { return pid }
        throw ControlServer.Refusal(
            reason: "container \(container), whose namespace is to be shared, does not run; "
                + "start it first",
            exitCode: 125
        )
    }
}
