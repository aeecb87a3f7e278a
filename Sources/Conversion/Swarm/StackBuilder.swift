import ComposeFile
import Notation

/// Turns the nodes of a stack file into objects of the Engine API.
struct StackBuilder {
    let name: String
    let stack: Node
    /// The contents of configs and secrets, by path below the stack file.
    let contents: [String: [UInt8]]
    /// The services that others wait for to complete.
    let jobs: Set<String>

    var networks: [SwarmStack.Object] {
        stack["networks"].members.compactMap { key, network in
            guard !network.isExternal else { return nil }
            var body = Members()
            body.text("Name", resourceName(key, network))
            body.set("CheckDuplicate", .boolean(true))
            body.text("Driver", network["driver"]?.text)
            body.set("Options", network["driver_opts"].flatMap(\.map))
            body.flag("Internal", network["internal"])
            body.flag("Attachable", network["attachable"])
            body.set("Labels", labels(network["labels"]))
            body.set("IPAM", network["ipam"].map(ipam))
            return SwarmStack.Object(
                name: resourceName(key, network),
                specification: body.value
            )
        }
    }

    /// The names of objects of other owners.
    var external: [String] {
        ["networks", "configs", "secrets"].flatMap { section in
            stack[section].members.filter { $0.1.isExternal }.map { resourceName($0.0, $0.1) }
        }
    }

    /// The configs or secrets, with their contents.
    func files(_ section: String) -> [SwarmStack.Object] {
        stack[section].members.compactMap { key, file in
            guard !file.isExternal else { return nil }
            var body = Members()
            body.text("Name", resourceName(key, file))
            body.set("Labels", labels(file["labels"]))
            if let driver = file["driver"]?.text {
                var members = Members()
                members.text("Name", driver)
                members.set("Options", file["driver_opts"].flatMap(\.map))
                body.set("Driver", members.value)
            } else {
                body.text("Data", Base64.encode(contents["\(section)/\(key)"] ?? []))
            }
            if let driver = file["template_driver"]?.text {
                body.set("Templating", .object([Value.Member("Name", .string(driver))]))
            }
            return SwarmStack.Object(name: resourceName(key, file), specification: body.value)
        }
    }

    func service(_ key: String) -> SwarmStack.Service? {
        guard let service = stack["services"]?[key] else { return nil }
        let deploy = service["deploy"]
        let image = service["image"]?.text ?? ""
        let mode = deploy["mode"]?.text ?? "replicated"
        let replicas = deploy["replicas"]?.integer ?? 1
        var body = Members()
        body.text("Name", "\(name)_\(key)")
        var own = deploy["labels"]?.texts ?? [:]
        own[SwarmStack.namespaceLabel] = name
        own[SwarmStack.imageLabel] = image
        body.set("Labels", Value(own))
        body.set("TaskTemplate", task(service))
        body.set("Mode", Self.mode(mode, replicas))
        body.set("UpdateConfig", deploy["update_config"].map(update))
        body.set("RollbackConfig", deploy["rollback_config"].map(update))
        body.set("EndpointSpec", endpoint(service))
        return SwarmStack.Service(
            key: key,
            name: "\(name)_\(key)",
            image: image,
            specification: body.value,
            dependencies: service["depends_on"]?.list.compactMap(\.text) ?? [],
            replicas: mode.hasPrefix("global") ? nil : replicas,
            isJob: jobs.contains(key)
        )
    }

    /// The name of a resource: its own, or its key after the stack's name.
    func resourceName(_ key: String, _ resource: Node?) -> String {
        resource?["name"]?.text ?? "\(name)_\(key)"
    }

    /// Labels with the stack's.
    func labels(_ node: Node?) -> Value {
        var labels = node?.texts ?? [:]
        labels[SwarmStack.namespaceLabel] = name
        return Value(labels)
    }

    private static func mode(_ mode: String, _ replicas: Int) -> Value {
        let count = Value.integer(Int64(replicas))
        let (key, members): (String, [Value.Member]) =
            switch mode {
            case "global": ("Global", [])
            case "global-job": ("GlobalJob", [])
            case "replicated-job":
                (
                    "ReplicatedJob",
                    [Value.Member("MaxConcurrent", count), Value.Member("TotalCompletions", count)]
                )
            default: ("Replicated", [Value.Member("Replicas", count)])
            }
        return .object([Value.Member(key, .object(members))])
    }

    private func update(_ node: Node) -> Value {
        var body = Members()
        body.number("Parallelism", node["parallelism"] ?? 1)
        body.duration("Delay", node["delay"])
        body.text("FailureAction", node["failure_action"]?.text)
        body.duration("Monitor", node["monitor"])
        if case .number(let digits)? = node["max_failure_ratio"], let ratio = Double(digits) {
            body.set("MaxFailureRatio", .number(ratio))
        }
        body.text("Order", node["order"]?.text)
        return body.value
    }

    private func endpoint(_ service: Node) -> Value {
        var body = Members()
        body.text("Mode", service["deploy"]?["endpoint_mode"]?.text)
        let ports = (service["ports"]?.list ?? []).map { port in
            var members = Members()
            members.text("Protocol", port["protocol"]?.text)
            members.number("TargetPort", port["target"])
            members.number("PublishedPort", port["published"])
            members.text("PublishMode", port["mode"]?.text)
            return members.value
        }
        body.list("Ports", ports)
        return body.value
    }

    private func ipam(_ node: Node) -> Value {
        var body = Members()
        body.text("Driver", node["driver"]?.text)
        let pools = (node["config"]?.list ?? []).compactMap { pool in
            pool["subnet"]?.text.map { Value.object([Value.Member("Subnet", .string($0))]) }
        }
        body.list("Config", pools)
        return body.value
    }
}
