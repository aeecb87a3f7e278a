import Notation

extension ConsistencyCheck {
    mutating func checkSource(of service: Service) {
        let name = service.name
        if service.build == nil, service.image == nil, service.provider == nil {
            report(.nothingToRun(service: name), service)
        }
        if service.networkMode != nil, !service.networks.isEmpty {
            let path = "services.\(name)"
            report(.exclusive(["network_mode", "networks"], path: path), service, "network_mode")
        }
        guard let build = service.build else { return }
        if build.dockerfile != nil, build.dockerfileInline != nil {
            let keys = ["dockerfile", "dockerfile_inline"]
            report(.exclusive(keys, path: "services.\(name).build"), service, "build", keys[1])
        }
        if let platform = service.platform, !build.platforms.isEmpty,
            !build.platforms.contains(platform)
        {
            report(.platformNotBuilt(platform, service: name), service, "build", "platforms")
        }
        for (key, context) in build.additionalContexts {
            guard let target = context.suffix(after: "service:") else { continue }
            if let other = project.services[target] {
                guard other.build == nil else { continue }
                let problem = ComposeError.Problem.notBuildable(service: target, neededBy: name)
                report(problem, service, "build", "additional_contexts", key)
            } else {
                reportUndefined(.service, target, service, "build", "additional_contexts", key)
            }
        }
    }

    mutating func checkReferences(of service: Service) {
        checkDependencies(of: service)
        if case .service(let target)? = service.networkMode, project.services[target] == nil,
            service.dependsOn[target] == nil
        {
            reportUndefined(.service, target, service, "network_mode")
        }
        for name in service.networks.keys where project.networks[name] == nil {
            reportUndefined(.network, name, service, "networks", name)
        }
        for (index, volume) in service.volumes.enumerated() where volume.kind == .volume {
            guard let name = volume.source, project.volumes[name] == nil else { continue }
            reportUndefined(.volume, name, service, "volumes", String(index))
        }
        for (index, config) in service.configs.enumerated()
        where project.configs[config.source] == nil {
            reportUndefined(.config, config.source, service, "configs", String(index))
        }
        for (index, secret) in service.secrets.enumerated()
        where project.secrets[secret.source] == nil {
            reportUndefined(.secret, secret.source, service, "secrets", String(index))
        }
        for secret in service.build?.secrets ?? [] where project.secrets[secret.source] == nil {
            reportUndefined(.buildSecret, secret.source, service, "build", "secrets")
        }
        for name in service.models.keys where project.models[name] == nil {
            reportUndefined(.model, name, service, "models", name)
        }
    }

    private mutating func checkDependencies(of service: Service) {
        for (name, dependency) in service.dependsOn where project.services[name] == nil {
            guard let inactive = project.inactiveServices[name] else {
                reportUndefined(.service, name, service, "depends_on", name)
                continue
            }
            guard dependency.required else { continue }
            let problem = ComposeError.Problem.inactive(
                service: name,
                profiles: inactive.profiles.sorted(),
                neededBy: service.name
            )
            report(problem, service, "depends_on", name)
        }
    }

    private mutating func reportUndefined(
        _ kind: ComposeError.Reference,
        _ name: String,
        _ service: Service,
        _ path: String...
    ) {
        let problem = ComposeError.Problem.undefined(
            kind,
            name,
            neededBy: service.name,
            known: names(of: kind)
        )
        report(problem, service, path)
    }

    private func names(of kind: ComposeError.Reference) -> [String] {
        switch kind {
        case .service: Array(project.services.keys) + project.inactiveServices.keys
        case .network: Array(project.networks.keys)
        case .volume: Array(project.volumes.keys)
        case .config: Array(project.configs.keys)
        case .secret, .buildSecret: Array(project.secrets.keys)
        case .model: Array(project.models.keys)
        }
    }
}
