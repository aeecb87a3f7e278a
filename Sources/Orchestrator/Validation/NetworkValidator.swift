import ComposeFile
import ContainerNetwork

/// Checks the networks of a project, and how services use them, before anything is created.
///
/// No option is ignored silently: one that cannot be honoured is rejected, and one that has no
/// effect causes a warning.
struct NetworkValidator {
    let project: Project

    /// Throws for the first option that cannot be honoured; returns warnings about those that have
    /// no effect.
    func validate() throws -> [ComposeWarning] {
        var warnings: [ComposeWarning] = []
        for key in networksInUse {
            guard let network = project.networks[key], !network.external else { continue }
            try check(network, key)
            warnings += optionWarnings(of: network, key)
        }
        return warnings + project.orderedServices.flatMap(self.warnings)
    }

    /// The keys of the networks that services attach to.
    private var networksInUse: [String] {
        let services = project.orderedServices.filter { $0.networkMode == nil }
        return Set(services.flatMap(\.networks.keys)).sorted()
    }

    private func check(_ network: NetworkDefinition, _ key: String) throws {
        do {
            _ = try network.access(name: key)
        } catch .invalidOption(_, let option, let value) {
            throw OrchestratorError.unsupported(
                project.place("networks", key, "driver_opts", option),
                reason: "'\(value)' is not supported; remove the option, or use another value"
            )
        }
    }

    private func optionWarnings(of network: NetworkDefinition, _ key: String) -> [ComposeWarning] {
        let known = Set(BridgeOption.allCases.map(\.rawValue))
        let driver = network.driverOptions.keys.filter { !known.contains($0) }.sorted().map {
            warning(["networks", key, "driver_opts", $0], "unknown option; ignored")
        }
        let ipam = network.ipam.options.keys.sorted().map {
            warning(["networks", key, "ipam", "options"], "'\($0)' has no effect; ignored")
        }
        return driver + ipam
    }

    private func warnings(_ service: Service) -> [ComposeWarning] {
        guard service.networkMode == nil else { return [] }
        let options = service.networks.sorted { $0.key < $1.key }.flatMap { key, attachment in
            attachment.driverOptions.keys.filter { EndpointOption(rawValue: $0) == nil }.sorted()
                .map { option in
                    warning(
                        ["services", service.name, "networks", key, "driver_opts", option],
                        "unknown option; ignored"
                    )
                }
        }
        let definitions = service.networks.keys.compactMap { project.networks[$0] }
        let isInternal = !definitions.isEmpty && definitions.allSatisfy(\.internal)
        guard !service.ports.isEmpty, isInternal else { return options }
        let path = ["services", service.name, "ports"]
        return options + [warning(path, "not published, because its networks are internal")]
    }

    private func warning(_ path: [String], _ text: String) -> ComposeWarning {
        ComposeWarning(
            "\(path.joined(separator: ".")): \(text)",
            at: project.source.location(of: path)
        )
    }
}

extension NetworkDefinition {
    /// Who may exchange packets with its containers.
    func access(name: String) throws(NetworkError) -> NetworkAccess {
        try NetworkSpecification(name: name, isInternal: self.internal, options: driverOptions)
            .access()
    }
}
