import YAML

extension Project {
    /// Throws if two active services have the same container name.
    public func checkContainerNames() throws(ComposeErrors) {
        var users: [String: [Service]] = [:]
        for service in orderedServices {
            if let name = service.containerName { users[name, default: []].append(service) }
        }
        var errors: [ComposeError] = []
        for (name, services) in users where services.count > 1 {
            let problem = ComposeError.Problem.containerNameTaken(
                name,
                services: services.map(\.name)
            )
            guard let location = services[1].location(of: "container_name") else { continue }
            errors.append(ComposeError(problem, at: location))
        }
        if !errors.isEmpty { throw ComposeErrors(errors.sorted { $0.location < $1.location }) }
    }

    /// Sets the platform of built services without one to `DOCKER_DEFAULT_PLATFORM`.
    public mutating func applyDefaultPlatform() throws(ComposeErrors) {
        guard let platform = environment["DOCKER_DEFAULT_PLATFORM"], !platform.isEmpty else {
            return
        }
        for (name, service) in services where service.platform == nil {
            guard let build = service.build else { continue }
            if !build.platforms.isEmpty, !build.platforms.contains(platform),
                let location = service.location(of: "build", "platforms")
            {
                throw ComposeErrors(.platformNotBuilt(platform, service: name), at: location)
            }
            services[name]?.platform = platform
        }
    }
}
