import YAML

extension Project {
    /// Warnings about valid but probably unintended content, in the order of the files.
    ///
    /// Called before `dropUnusedResources()`.
    public func lint() -> [ComposeWarning] {
        let warnings = unusedResources + portsPublishedTwice + missingHealthChecks
        return warnings.sorted { left, right in
            guard let first = left.location, let second = right.location else {
                return left.location != nil
            }
            return first < second
        }
    }

    private var unusedResources: [ComposeWarning] {
        let all = Array(services.values) + inactiveServices.values
        let used: [(section: String, keys: [String], used: [String])] = [
            ("volumes", Array(volumes.keys), all.flatMap(\.volumes).compactMap(\.source)),
            ("networks", Array(networks.keys), all.flatMap(\.networks.keys)),
            ("configs", Array(configs.keys), all.flatMap(\.configs).map(\.source)),
            (
                "secrets", Array(secrets.keys),
                all.flatMap { $0.secrets + ($0.build?.secrets ?? []) }.map(\.source)
            ),
        ]
        return used.flatMap { section, keys, used in
            Set(keys).subtracting(used).map { key in
                ComposeWarning(
                    "\(section).\(key) is not used by any service; use it or remove it",
                    at: location(of: section, key)
                )
            }
        }
    }

    private var portsPublishedTwice: [ComposeWarning] {
        var first: [String: String] = [:]
        var warnings: [ComposeWarning] = []
        for service in orderedServices {
            for (index, port) in service.ports.enumerated() {
                guard let published = port.published else { continue }
                let transport = port.protocol ?? "tcp"
                let key = "\(port.hostIP ?? "*") \(published)/\(transport)"
                guard let other = first[key] else {
                    first[key] = service.name
                    continue
                }
                let text = """
                    service '\(service.name)': port \(published)/\(transport) is published by \
                    '\(other)' already; only one of them can run at a time
                    """
                let place = service.location(of: "ports", String(index))
                warnings.append(ComposeWarning(text, at: place))
            }
        }
        return warnings
    }

    private var missingHealthChecks: [ComposeWarning] {
        orderedServices.flatMap { service in
            service.dependsOn.compactMap { name, dependency in
                guard dependency.condition == .healthy, let other = services[name],
                    other.healthCheck?.probe == nil || other.healthCheck?.probe == .off
                else { return nil }
                return ComposeWarning(
                    """
                    service '\(service.name)' waits for '\(name)' to be healthy, but '\(name)' has \
                    no healthcheck; add one unless its image defines it
                    """,
                    at: service.location(of: "depends_on", name)
                )
            }
        }
    }
}
