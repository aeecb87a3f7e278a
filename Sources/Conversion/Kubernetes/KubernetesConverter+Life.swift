import ComposeFile

extension KubernetesConverter {
    /// Adds the probes that a health check amounts to.
    mutating func addProbes(of pod: PodDesign, to container: inout Object) {
        guard let check = pod.service.healthCheck, check.probe != .off else { return }
        guard let handler = handler(of: check) else {
            notes.miss(
                pod.path("healthcheck"),
                "the image's HEALTHCHECK is not read; repeat its command as 'test'"
            )
            return
        }
        guard pod.kind != .job else {
            notes.approximate(pod.path("healthcheck"), "none: a Job is complete when it exits")
            return
        }
        let retries = max(1, check.retries ?? 3)
        let interval = max(1, (check.interval ?? .seconds(30)).wholeSeconds)
        let timeout = max(1, (check.timeout ?? .seconds(30)).wholeSeconds)
        func probe(every period: Int, failures: Int) -> Node {
            [
                "exec": handler, "periodSeconds": .integer(period),
                "timeoutSeconds": .integer(timeout), "failureThreshold": .integer(failures),
            ]
        }
        if let start = check.startPeriod?.wholeSeconds, start > 0 {
            let period = max(1, (check.startInterval ?? .seconds(5)).wholeSeconds)
            container.set(
                "startupProbe",
                probe(every: period, failures: (start + period - 1) / period + retries)
            )
        }
        container.set("readinessProbe", probe(every: interval, failures: retries))
        container.set(
            "livenessProbe",
            probe(every: interval, failures: retries),
            comment: "Restarts an unhealthy container, which Compose only marks as such."
        )
    }

    private func handler(of check: HealthCheck) -> Node? {
        switch check.probe {
        case .execute(let words)? where !words.isEmpty: ["command": .texts(words.map(escape))]
        case .shell(let line)?: ["command": .texts(["/bin/sh", "-c", escape(line)])]
        default: nil
        }
    }

    private func escape(_ text: String) -> String { EnvironmentDesign.escaped(text) }

    /// The commands after the start and before the stop.
    mutating func lifecycle(_ pod: PodDesign) -> Node? {
        var lifecycle = Object()
        lifecycle.set("postStart", hook(pod.service.postStart, at: pod.path("post_start")))
        lifecycle.set("preStop", hook(pod.service.preStop, at: pod.path("pre_stop")))
        return Node.object(lifecycle).ifNotEmpty
    }

    private mutating func hook(_ hooks: [Hook], at path: [String]) -> Node? {
        for (index, hook) in hooks.enumerated() {
            let path = path + [String(index)]
            if hook.user != nil { notes.miss(path + ["user"], "runs as the container's user") }
            if hook.privileged {
                notes.miss(path + ["privileged"], "runs with the container's privileges")
            }
            if hooks.count > 1 {
                notes.approximate(path + ["command"], "all commands run in one shell")
            }
        }
        let isPlain = hooks.allSatisfy { $0.workingDirectory == nil && $0.environment.isEmpty }
        if hooks.count == 1, isPlain, let command = hooks[0].command {
            return ["exec": ["command": .texts(command.map(escape))]]
        }
        let lines = hooks.compactMap(shellLine)
        guard !lines.isEmpty else { return nil }
        return [
            "exec": [
                "command": .texts(["/bin/sh", "-c", escape(lines.joined(separator: " && "))])
            ]
        ]
    }

    private func shellLine(_ hook: Hook) -> String? {
        guard let command = hook.command else { return nil }
        let variables = hook.environment.sorted { $0.key < $1.key }
            .compactMap { name, value in value.map { "\(name)=\(quoted($0)) " } }
        let directory = hook.workingDirectory.map { "cd \(quoted($0)) && " } ?? ""
        let words = command.map(quoted).joined(separator: " ")
        return "(\(directory)\(variables.joined())\(words))"
    }

    private func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }

    /// The init containers of `pre_start`.
    mutating func preStartContainers(
        _ pod: PodDesign,
        _ environment: EnvironmentDesign
    ) -> [Node] {
        var containers: [Node] = []
        for (index, hook) in pod.service.preStart.enumerated() {
            var container = Object()
            container.set("name", "pre-start-\(index + 1)")
            if let image = hook.image {
                container.set("image", image)
            } else {
                setImage(of: pod.service, in: &container)
            }
            container.set("command", hook.command.flatMap(words))
            container.set("workingDir", hook.workingDirectory ?? pod.service.workingDirectory)
            var own = environment
            own.variables.merge(hook.environment.compactMapValues { $0 }) { $1 }
            addEnvironment(own, to: &container)
            var security = Object()
            let path = pod.path("pre_start", String(index), "user")
            addUser(hook.user ?? pod.service.user, at: path, to: &security)
            if hook.privileged { security.set("privileged", true) }
            container.set("securityContext", Node.object(security).ifNotEmpty)
            container.set("volumeMounts", Node.list(pod.mounts).ifNotEmpty)
            containers.append(.object(container))
        }
        return containers
    }
}
