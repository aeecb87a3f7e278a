import YAML

/// Finds contradictions between the attributes of a project's active services.
struct ConsistencyCheck {
    let project: Project
    private(set) var errors: [ComposeError] = []

    private init(_ project: Project) {
        self.project = project
    }

    /// Throws all contradictions together.
    static func validate(_ project: Project) throws(ComposeErrors) {
        var check = ConsistencyCheck(project)
        for service in project.orderedServices {
            check.checkSource(of: service)
            check.checkReferences(of: service)
            check.checkReplicas(of: service)
            check.checkLimits(of: service)
            check.checkMounts(of: service)
            check.checkRules(of: service)
        }
        check.checkSecrets()
        if !check.errors.isEmpty {
            throw ComposeErrors(check.errors.sorted { $0.location < $1.location })
        }
        _ = try ServiceGraph(project)
    }

    mutating func report(
        _ problem: ComposeError.Problem,
        _ service: Service,
        _ path: String...
    ) {
        report(problem, service, path)
    }

    mutating func report(
        _ problem: ComposeError.Problem,
        _ service: Service,
        _ path: [String]
    ) {
        errors.append(ComposeError(problem, at: locationOrRoot(service.source.location(of: path))))
    }

    private func locationOrRoot(_ location: SourceLocation?) -> SourceLocation {
        location ?? project.source.location(of: [])
            ?? SourceLocation(file: project.composeFiles.first ?? "", line: 1, column: 1)
    }

    private mutating func checkReplicas(of service: Service) {
        let name = service.name
        if let scale = service.scale, let replicas = service.deploy?.replicas, scale != replicas {
            report(.different("scale", "deploy.replicas", service: name), service, "scale")
        }
        for (path, count) in [
            ("scale", service.scale), ("deploy.replicas", service.deploy?.replicas),
        ] {
            guard let count, count < 0 else { continue }
            let path = "services.\(name).\(path)"
            report(.outOfRange("0 or more", found: String(count), path: path), service, "scale")
        }
        if let containerName = service.containerName, service.replicas > 1 {
            let problem = ComposeError.Problem.containerNameWithReplicas(
                containerName,
                replicas: service.replicas,
                service: name
            )
            report(problem, service, "container_name")
        }
    }

    private mutating func checkLimits(of service: Service) {
        let limits = service.deploy?.limits
        let reservations = service.deploy?.reservations
        let counterparts: [(String, String, Bool)] = [
            ("cpus", "limits.cpus", differ(service.cpus, limits, limits?.cpus)),
            ("mem_limit", "limits.memory", differ(service.memoryLimit, limits, limits?.memory)),
            ("pids_limit", "limits.pids", differ(service.pidsLimit, limits, limits?.pids)),
            (
                "mem_reservation", "reservations.memory",
                differ(service.memoryReservation, reservations, reservations?.memory)
            ),
        ]
        for (key, counterpart, differs) in counterparts where differs {
            let counterpart = "deploy.resources.\(counterpart)"
            report(.different(key, counterpart, service: service.name), service, key)
        }
    }

    /// Whether an attribute differs from its counterpart in a section that is present.
    private func differ<Amount: Equatable>(
        _ own: Amount?,
        _ section: Resources?,
        _ counterpart: Amount?
    ) -> Bool {
        own != nil && section != nil && own != counterpart
    }

    private mutating func checkMounts(of service: Service) {
        var first: [String: SourceLocation?] = [:]
        let tmpfs = service.tmpfs.enumerated().map { index, text in
            (target: String(text.prefix { $0 != ":" }), key: "tmpfs", index: index)
        }
        let volumes = service.volumes.enumerated().map { index, volume in
            (target: volume.target, key: "volumes", index: index)
        }
        for mount in tmpfs + volumes {
            let location = service.location(of: mount.key, String(mount.index))
            if let earlier = first[mount.target] {
                let problem = ComposeError.Problem.mountedTwice(
                    mount.target,
                    service: service.name,
                    first: earlier
                )
                report(problem, service, mount.key, String(mount.index))
            } else {
                first.updateValue(location, forKey: mount.target)
            }
        }
    }

    private mutating func checkRules(of service: Service) {
        for (index, rule) in (service.develop?.watch ?? []).enumerated()
        where rule.target == nil && rule.action != .rebuild && rule.action != .restart {
            let action = rule.action.rawValue
            let problem = ComposeError.Problem.missingWatchTarget(
                action: action,
                service: service.name
            )
            report(problem, service, "develop", "watch", String(index))
        }
        if let first = service.healthCheck?.test.first,
            !["CMD", "CMD-SHELL", "NONE"].contains(first)
        {
            let problem = ComposeError.Problem.invalid(
                "test",
                found: first,
                reason: "it must start with CMD, CMD-SHELL or NONE",
                path: "services.\(service.name).healthcheck.test"
            )
            report(problem, service, "healthcheck", "test")
        }
    }

    private mutating func checkSecrets() {
        for (name, secret) in project.secrets
        where !secret.external && secret.file == nil && secret.environment == nil {
            let problem = ComposeError.Problem.sourceMissing(
                ["file", "environment"],
                path: "secrets.\(name)"
            )
            errors.append(
                ComposeError(problem, at: locationOrRoot(project.location(of: "secrets", name)))
            )
        }
    }
}
