import ComposeFile
import Orchestrator

/// A container that another one finds under a second name, and by variables.
///
/// Source: Docker, "Legacy container links".
struct ContainerLink {
    var alias: String
    /// The name of the container that has the link.
    var owner: String
    var target: ExistingContainer
    /// The variables that the target was created with.
    var environment: [String]

    /// The variables that describe the target, as of now.
    var variables: [String: String] {
        let prefix = alias.uppercased().replacing("-", with: "_")
        var variables = ["\(prefix)_NAME": "/\(owner)/\(alias)"]
        for entry in environment {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] != "HOME", parts[0] != "PATH" else { continue }
            variables["\(prefix)_ENV_\(parts[0])"] = String(parts[1])
        }
        guard let address = target.state.endpoints.lazy.compactMap(\.ipv4Address).first else {
            return variables
        }
        for (index, port) in target.record.exposedPorts.sorted().enumerated() {
            let parts = port.split(separator: "/").map(String.init)
            guard parts.count == 2 else { continue }
            let place = "\(parts[1])://\(address):\(parts[0])"
            let name = "\(prefix)_PORT_\(parts[0])_\(parts[1].uppercased())"
            if index == 0 { variables["\(prefix)_PORT"] = place }
            variables[name] = place
            variables["\(name)_ADDR"] = address
            variables["\(name)_PORT"] = parts[0]
            variables["\(name)_PROTO"] = parts[1]
        }
        return variables
    }
}

extension RequestedContainer {
    /// Adds the names and variables of other containers; its own variables take precedence.
    mutating func add(_ links: [ContainerLink]) {
        for link in links {
            for (name, value) in link.variables where service.environment[name] == nil {
                service.environment[name] = .some(value)
            }
        }
        guard case .attached(var attachments) = network else { return }
        for index in attachments.indices {
            for link in links { attachments[index].links[link.alias] = link.target.record.name }
        }
        network = .attached(attachments)
    }
}
