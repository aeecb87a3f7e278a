import Addresses
import YAML

/// Finds contradictory values within a section of a file.
struct TreeChecks {
    private var errors: [ComposeError] = []

    /// Throws all contradictions together.
    static func validate(_ root: YAMLNode) throws(ComposeErrors) {
        guard let file = root.mapping else { return }
        var checks = TreeChecks()
        checks.each(file["volumes"], "volumes") { $0.checkExternal($1, $2) }
        checks.each(file["configs"], "configs") {
            $0.checkSource($1, $2, ["file", "environment", "content"])
        }
        checks.each(file["secrets"], "secrets") {
            $0.checkSource($1, $2, ["file", "environment"])
        }
        checks.each(file["services"], "services") { $0.checkService($1, $2) }
        if !checks.errors.isEmpty { throw ComposeErrors(checks.errors) }
    }

    private mutating func each(
        _ section: YAMLNode?,
        _ path: String,
        _ check: (inout TreeChecks, YAMLNode, String) -> Void
    ) {
        for entry in section?.mapping ?? Mapping() {
            check(&self, entry.value, "\(path).\(entry.key)")
        }
    }

    private mutating func checkExternal(_ volume: YAMLNode, _ path: String) {
        guard let mapping = volume.mapping, mapping["external"]?.bool == true else { return }
        for entry in mapping
        where !["name", "external"].contains(entry.key) && !entry.key.hasPrefix("x-") {
            let problem = ComposeError.Problem.externalWith(entry.key, path: path)
            errors.append(ComposeError(problem, at: entry.keyLocation))
        }
    }

    private mutating func checkSource(_ node: YAMLNode, _ path: String, _ keys: [String]) {
        guard let mapping = node.mapping else { return }
        let given = keys.filter { mapping[$0] != nil }
        if given.count > 1 {
            report(.exclusive(given, path: path), at: mapping[given[1]] ?? node)
        } else if given.isEmpty, mapping["driver"] == nil, mapping["external"] == nil {
            report(.sourceMissing(keys, path: path), at: node)
        }
    }

    private mutating func checkService(_ node: YAMLNode, _ path: String) {
        guard let service = node.mapping else { return }
        for (index, port) in (service["ports"]?.sequence ?? []).enumerated() {
            guard let address = port.mapping?["host_ip"], let text = address.string,
                IPAddress(text) == nil
            else { continue }
            let problem = ComposeError.Problem.invalid(
                "IP address",
                found: text,
                reason: "use an IPv4 address, or an IPv6 address without brackets",
                path: "\(path).ports[\(index)].host_ip"
            )
            report(problem, at: address)
        }
        for rule in service["develop"]?.mapping?["watch"]?.sequence ?? [] {
            if let watched = rule.mapping?["path"], watched.string == "" {
                let path = "\(path).develop.watch.path"
                report(.expected("a path", found: "nothing", path: path), at: watched)
            }
        }
        let reservations = service["deploy"]?.mapping?["resources"]?.mapping?["reservations"]
        let devices = reservations?.mapping?["devices"]
        checkRequests(devices, "\(path).deploy.resources.reservations.devices")
        checkRequests(service["gpus"], "\(path).gpus")
    }

    private mutating func checkRequests(_ requests: YAMLNode?, _ path: String) {
        for (index, request) in (requests?.sequence ?? []).enumerated() {
            guard let mapping = request.mapping, mapping["count"] != nil,
                let ids = mapping["device_ids"]
            else { continue }
            report(.exclusive(["count", "device_ids"], path: "\(path)[\(index)]"), at: ids)
        }
    }

    private mutating func report(_ problem: ComposeError.Problem, at node: YAMLNode) {
        errors.append(ComposeError(problem, at: node.location))
    }
}
