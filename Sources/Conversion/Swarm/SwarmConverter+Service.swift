import ComposeFile
import Notation

extension SwarmConverter {
    /// Returns a service of the stack file.
    mutating func service(_ service: Service) throws(ConversionError) -> Object {
        var object = Object()
        setImage(of: service, in: &object)
        setProcess(of: service, in: &object)
        setNetworks(of: service, in: &object)
        object.set("ports", Node.list(ports(of: service)).ifNotEmpty)
        object.set("volumes", Node.list(mounts(of: service)).ifNotEmpty)
        object.set("configs", Node.list(service.configs.map(reference)).ifNotEmpty)
        object.set("secrets", Node.list(service.secrets.map(reference)).ifNotEmpty)
        if let check = service.healthCheck { object.set("healthcheck", healthCheck(check)) }
        object.set(
            "depends_on",
            Node.texts(service.dependsOn.keys.filter { project.services[$0] != nil }.sorted())
                .ifNotEmpty
        )
        setLogging(of: service, in: &object)
        object.set("labels", Node.texts(service.labels).ifNotEmpty)
        object.set("deploy", deployment(of: service).ifNotEmpty)
        return object
    }

    private mutating func setImage(of service: Service, in object: inout Object) {
        let name = service.image ?? project.defaultName(service.name)
        let comment = "Built from this project: push it to a registry that all nodes reach."
        object.set("image", name, comment: service.build == nil ? nil : comment)
    }

    private func setProcess(of service: Service, in object: inout Object) {
        object.set("entrypoint", service.entrypoint.map(Node.texts))
        object.set("command", service.command.map(Node.texts))
        object.set("environment", Node.texts(service.setEnvironment).ifNotEmpty)
        object.set("user", service.user)
        object.set("working_dir", service.workingDirectory)
        object.set("hostname", service.hostname)
        object.set("init", service.usesInit.map(Node.flag))
        for (key, isSet) in [
            ("tty", service.tty), ("stdin_open", service.stdinOpen),
            ("read_only", service.readOnly),
        ] where isSet {
            object.set(key, true)
        }
        object.set("cap_add", Node.texts(service.addedCapabilities).ifNotEmpty)
        object.set("cap_drop", Node.texts(service.droppedCapabilities).ifNotEmpty)
        object.set("sysctls", Node.texts(service.sysctls).ifNotEmpty)
        object.set("ulimits", ulimits(of: service).ifNotEmpty)
        object.set("stop_signal", service.stopSignal)
        object.set("stop_grace_period", service.stopGracePeriod.map(Self.duration))
        object.set("isolation", service.isolation)
    }

    private func ulimits(of service: Service) -> Node {
        var ulimits = Object()
        for (name, limit) in service.ulimits.sorted(by: { $0.key < $1.key }) {
            switch limit {
            case .single(let value): ulimits.set(name, .integer(Int(value)))
            case .pair(let soft, let hard):
                ulimits.set(name, ["soft": .integer(Int(soft)), "hard": .integer(Int(hard))])
            }
        }
        return .object(ulimits)
    }

    private mutating func setNetworks(of service: Service, in object: inout Object) {
        object.set("dns", Node.texts(service.dns).ifNotEmpty)
        object.set("dns_search", Node.texts(service.dnsSearch).ifNotEmpty)
        let hosts = service.extraHosts.sorted { $0.key < $1.key }.flatMap { name, addresses in
            addresses.map { "\(name):\($0)" }
        }
        object.set("extra_hosts", Node.texts(hosts).ifNotEmpty)
        var networks = Object()
        for (key, network) in service.networks.sorted(by: { $0.key < $1.key }) {
            var attachment = Object()
            attachment.set("aliases", Node.texts(network.aliases).ifNotEmpty)
            networks.set(key, .object(attachment))
        }
        let path = ["services", service.name, "network_mode"]
        switch service.networkMode {
        case nil, .bridge: break
        case .host, .some(.none):
            let name = service.networkMode == .host ? "host" : "none"
            hostNetworks.insert(name)
            networks.set(hostKey(name), [:])
        default: notes.miss(path, "a task has its own network; use the other service's name")
        }
        if service.networkMode == .bridge {
            notes.approximate(path, "the stack's default network")
        }
        object.set("networks", Node.object(networks).ifNotEmpty)
    }

    private mutating func ports(of service: Service) -> [Node] {
        service.ports.enumerated().compactMap { index, port in
            let path = ["services", service.name, "ports", String(index)]
            var object = Object()
            object.set("target", .integer(port.target))
            if port.published != nil {
                guard let range = port.publishedRange, range.count == 1 else {
                    notes.miss(path + ["published"], "a range; choose one port")
                    return nil
                }
                object.set("published", .integer(range.lowerBound))
            }
            object.set("protocol", port.protocol)
            object.set("mode", port.mode)
            return .object(object)
        }
    }

    private func reference(_ reference: FileReference) -> Node {
        var object = Object()
        object.set("source", reference.source)
        object.set("target", reference.target)
        object.set("uid", reference.uid)
        object.set("gid", reference.gid)
        object.set("mode", reference.mode.map { .integer(Int($0)) })
        return .object(object)
    }

    private func healthCheck(_ check: HealthCheck) -> Node {
        if check.disabled { return ["disable": true] }
        var object = Object()
        object.set("test", Node.texts(check.test).ifNotEmpty)
        object.set("interval", check.interval.map(Self.duration))
        object.set("timeout", check.timeout.map(Self.duration))
        object.set("retries", check.retries.map(Node.integer))
        object.set("start_period", check.startPeriod.map(Self.duration))
        return .object(object)
    }

    private func setLogging(of service: Service, in object: inout Object) {
        guard let logging = service.logging else { return }
        var section = Object()
        section.set("driver", logging.driver)
        section.set("options", Node.texts(logging.options).ifNotEmpty)
        object.set("logging", Node.object(section).ifNotEmpty)
    }

    static func duration(_ duration: Duration) -> Node { .text(GoDuration.text(of: duration)) }
}
