import ContainerRuntime
import OCI

/// The namespaces that a container shares with other, running containers.
struct JoinedNamespaces {
    private var paths: [RuntimeSpecification.Namespace.Kind: String] = [:]
    /// The host name of the container whose network is shared.
    private var hostname: String?

    /// Finds the processes to join; throws when one of the containers is not running.
    init(_ record: ContainerRecord, among containers: SupervisedContainers) throws(RequestFailure) {
        var wanted = record.joins
        if case .container(let other) = record.network { wanted["network"] = other }
        for (name, other) in wanted {
            guard let type = RuntimeSpecification.Namespace.Kind(rawValue: name) else { continue }
            let file = Self.files[name] ?? name
            if type == .network { hostname = containers.hostname(of: other) }
            paths[type] = "/proc/\(try Self.pid(of: other, among: containers))/ns/\(file)"
        }
    }

    func apply(to specification: inout RuntimeSpecification) {
        for (kind, path) in paths { specification.join(kind, at: path) }
        guard let hostname, let own = specification.hostname else { return }
        let variables = specification.process?.env
        specification.process?.env = variables?.map { variable in
            variable == "HOSTNAME=\(own)" ? "HOSTNAME=\(hostname)" : variable
        }
        specification.hostname = hostname
    }

    /// The names in `/proc/PID/ns` that differ from the specification's.
    private static let files = ["network": "net", "mount": "mnt"]

    private static func pid(
        of container: String,
        among containers: SupervisedContainers
    ) throws(RequestFailure) -> Int32 {
        if let pid = containers.runningPID(of: container) { return pid }
        throw RequestFailure(
            reason: "cannot share a namespace of container \(container): it is not running; "
                + "start it first",
            exitCode: 125
        )
    }
}
