import ComposeFile
import Notation

extension StackBuilder {
    /// The template of a service's tasks.
    func task(_ service: Node) -> Value {
        let deploy = service["deploy"]
        var body = Members()
        body.set("ContainerSpec", container(service))
        body.set("Resources", deploy["resources"].map(resources))
        body.set("RestartPolicy", deploy["restart_policy"].map(restartPolicy))
        body.set("Placement", deploy["placement"].map(placement))
        if let logging = service["logging"] {
            var members = Members()
            members.text("Name", logging["driver"]?.text ?? "json-file")
            members.set("Options", logging["options"].flatMap(\.map))
            body.set("LogDriver", members.value)
        }
        let networks = service["networks"].members.map { key, attachment in
            var members = Members()
            members.text("Target", resourceName(key, stack["networks"]?[key]))
            let aliases = (attachment["aliases"]?.list ?? []).compactMap(\.text)
            members.list(
                "Aliases",
                ([serviceKey(service)].compactMap(\.self) + aliases).map(Value.string)
            )
            return members.value
        }
        body.list("Networks", networks)
        return body.value
    }

    /// The key of a service, which is an alias on each of its networks.
    private func serviceKey(_ service: Node) -> String? {
        stack["services"].members.first { $0.1 == service }?.0
    }

    private func container(_ service: Node) -> Value {
        var body = Members()
        body.text("Image", service["image"]?.text)
        body.set("Labels", labels(service["labels"]))
        body.texts("Command", service["entrypoint"])
        body.texts("Args", service["command"])
        body.text("Hostname", service["hostname"]?.text)
        let variables = service["environment"]?.texts ?? [:]
        body.list(
            "Env",
            variables.sorted { $0.key < $1.key }.map { .string("\($0.key)=\($0.value)") }
        )
        body.text("Dir", service["working_dir"]?.text)
        body.text("User", service["user"]?.text)
        body.flag("TTY", service["tty"])
        body.flag("OpenStdin", service["stdin_open"])
        body.flag("ReadOnly", service["read_only"])
        body.list("Mounts", (service["volumes"]?.list ?? []).map(mount))
        body.text("StopSignal", service["stop_signal"]?.text)
        body.duration("StopGracePeriod", service["stop_grace_period"])
        body.set("Healthcheck", service["healthcheck"].map(healthCheck))
        let hosts = (service["extra_hosts"]?.list ?? []).compactMap(\.text).map { entry in
            // A line of /etc/hosts; an IPv6 address contains colons, too.
            let parts = entry.split(separator: ":", maxSplits: 1)
            return Value.string(parts.reversed().joined(separator: " "))
        }
        body.list("Hosts", hosts)
        var names = Members()
        names.texts("Nameservers", service["dns"])
        names.texts("Search", service["dns_search"])
        if !names.isEmpty { body.set("DNSConfig", names.value) }
        body.list("Secrets", references(service["secrets"], "secrets", "SecretName"))
        body.list("Configs", references(service["configs"], "configs", "ConfigName"))
        body.flag("Init", service["init"])
        body.set("Sysctls", service["sysctls"].flatMap(\.map))
        body.texts("CapabilityAdd", service["cap_add"])
        body.texts("CapabilityDrop", service["cap_drop"])
        body.list("Ulimits", ulimits(service["ulimits"]))
        body.text("Isolation", service["isolation"]?.text)
        return body.value
    }

    private func mount(_ mount: Node) -> Value {
        let kind = mount["type"]?.text ?? "volume"
        var body = Members()
        body.text("Type", kind)
        let key = mount["source"]?.text
        let volume = kind == "volume" ? key.flatMap { stack["volumes"]?[$0] } : nil
        body.text("Source", kind == "volume" ? key.map { resourceName($0, volume) } : key)
        body.text("Target", mount["target"]?.text)
        body.flag("ReadOnly", mount["read_only"])
        if let propagation = mount["bind"]?["propagation"]?.text {
            body.set("BindOptions", .object([Value.Member("Propagation", .string(propagation))]))
        }
        if let size = mount["tmpfs"]?["size"]?.integer {
            body.set(
                "TmpfsOptions",
                .object([Value.Member("SizeBytes", .integer(Int64(size)))])
            )
        }
        guard kind == "volume" else { return body.value }
        var options = Members()
        options.flag("NoCopy", mount["volume"]?["nocopy"])
        if volume?.isExternal != true { options.set("Labels", labels(volume?["labels"])) }
        if let volume, volume["driver"] != nil || volume["driver_opts"] != nil {
            var driver = Members()
            driver.text("Name", volume["driver"]?.text ?? "local")
            driver.set("Options", volume["driver_opts"].flatMap(\.map))
            options.set("DriverConfig", driver.value)
        }
        if !options.isEmpty { body.set("VolumeOptions", options.value) }
        return body.value
    }

    private func healthCheck(_ check: Node) -> Value {
        var body = Members()
        if check["disable"] != nil {
            body.list("Test", [.string("NONE")])
            return body.value
        }
        body.texts("Test", check["test"])
        body.duration("Interval", check["interval"])
        body.duration("Timeout", check["timeout"])
        body.number("Retries", check["retries"])
        body.duration("StartPeriod", check["start_period"])
        return body.value
    }

    private func references(_ node: Node?, _ section: String, _ nameKey: String) -> [Value] {
        (node?.list ?? []).compactMap { reference in
            guard let key = reference["source"]?.text else { return nil }
            var file = Members()
            file.text("Name", reference["target"]?.text ?? (section == "configs" ? "/\(key)" : key))
            file.text("UID", reference["uid"]?.text ?? "0")
            file.text("GID", reference["gid"]?.text ?? "0")
            file.number("Mode", reference["mode"] ?? .integer(0o444))
            var body = Members()
            body.set("File", file.value)
            body.text(nameKey, resourceName(key, stack[section]?[key]))
            return body.value
        }
    }

    private func ulimits(_ node: Node?) -> [Value] {
        node.members.map { name, limit in
            var body = Members()
            body.text("Name", name)
            body.number("Soft", limit["soft"] ?? limit)
            body.number("Hard", limit["hard"] ?? limit)
            return body.value
        }
    }

    private func resources(_ node: Node) -> Value {
        var body = Members()
        for (key, section) in [("Limits", node["limits"]), ("Reservations", node["reservations"])] {
            guard let section else { continue }
            var members = Members()
            if let cpus = section["cpus"]?.text.flatMap(Double.init) {
                members.set("NanoCPUs", .integer(Int64(cpus * 1e9)))
            }
            if let bytes = section["memory"]?.text.flatMap({ ByteCount(parsing: $0)?.bytes }) {
                members.set("MemoryBytes", .integer(Int64(clamping: bytes)))
            }
            members.number("Pids", section["pids"])
            let generic = (section["generic_resources"]?.list ?? []).map { resource in
                var counted = Members()
                counted.text("Kind", resource["discrete_resource_spec"]?["kind"]?.text)
                counted.number("Value", resource["discrete_resource_spec"]?["value"])
                return Value.object([Value.Member("DiscreteResourceSpec", counted.value)])
            }
            members.list("GenericResources", generic)
            body.set(key, members.value)
        }
        return body.value
    }

    private func restartPolicy(_ node: Node) -> Value {
        var body = Members()
        body.text("Condition", node["condition"]?.text)
        body.duration("Delay", node["delay"])
        body.number("MaxAttempts", node["max_attempts"])
        body.duration("Window", node["window"])
        return body.value
    }

    private func placement(_ node: Node) -> Value {
        var body = Members()
        body.texts("Constraints", node["constraints"])
        let preferences = (node["preferences"]?.list ?? []).compactMap { preference in
            preference["spread"]?.text.map { spread in
                Value.object([
                    Value.Member(
                        "Spread",
                        .object([Value.Member("SpreadDescriptor", .string(spread))])
                    )
                ])
            }
        }
        body.list("Preferences", preferences)
        body.number("MaxReplicas", node["max_replicas_per_node"])
        return body.value
    }
}
