import ComposeFile
import Linux
import Notation
import OCI

/// Restarts, health, stopping, hooks and logs.
extension ContainerDesign {
    func describeLifecycle(in record: inout ContainerRecord) throws {
        record.removesItself = requested?.removesItself ?? oneOff?.removesItself ?? false
        record.restart = restart
        record.restartPacing = restartPacing
        record.healthProbe = initStep == nil ? try healthProbe() : nil
        record.stopSignal = try stopSignal()
        record.stopGrace = service.stopGracePeriod ?? .seconds(10)
        record.logging = logging
        record.postStart = service.postStart.map(hook)
        record.preStop = service.preStop.map(hook)
    }

    /// `deploy.restart_policy` overrides `restart`.
    private var restart: RestartRule {
        if isOneOff { return .never }
        if let policy = service.deploy?.restartPolicy {
            switch policy.condition {
            case "none", "no": return .never
            case "on-failure": return .onFailure(limit: 0)
            case "unless-stopped": return .unlessStopped
            default: return .always
            }
        }
        return switch service.restart {
        case nil, .no: .never
        case .always: .always
        case .unlessStopped: .unlessStopped
        case .onFailure(let limit): .onFailure(limit: limit ?? 0)
        }
    }

    private var restartPacing: RestartPacing? {
        service.deploy?.restartPolicy.map { policy in
            RestartPacing(
                delay: policy.delay,
                attempts: policy.maxAttempts.map { Int(clamping: $0) },
                window: policy.window
            )
        }
    }

    private func stopSignal() throws -> Signal {
        guard let text = service.stopSignal ?? config.stopSignal else { return .terminate }
        guard let signal = Signal(text) else {
            throw OrchestratorError.invalidValue(
                service.place(of: "stop_signal"),
                value: text,
                wanted: "the name or number of a signal, such as SIGTERM"
            )
        }
        return signal
    }

    private var logging: LogRule {
        guard service.logging?.driver != "none" else { return .none }
        let options = service.logging?.options ?? [:]
        // Validated before.
        let size = options["max-size"].flatMap { ByteCount(parsing: $0) }?.bytes ?? 0
        let count = options["max-file"].flatMap(Int.init) ?? 1
        return .files(maximumSize: max(0, size), count: max(1, count))
    }

    private func hook(_ hook: Hook) -> HookCommand {
        HookCommand(
            command: hook.command ?? [],
            user: hook.user,
            workingDirectory: hook.workingDirectory,
            environment: hook.environment.compactMap { name, value in value.map { "\(name)=\($0)" }
            }
            .sorted(),
            isPrivileged: hook.privileged
        )
    }
}

extension ContainerDesign {
    /// The service's health check with the image's as defaults; nil if neither defines one.
    private func healthProbe() throws -> HealthProbe? {
        let ours = service.healthCheck
        let image = config.healthcheck
        let command: [String]? =
            switch ours?.probe {
            case .off?: nil
            case .execute(let command)?: command
            case .shell(let line)?: shell + [line]
            case nil: probeCommand(image?.test ?? [])
            }
        guard let command, !command.isEmpty else { return nil }
        try checkImageHealth(image)
        return HealthProbe(
            command: command,
            interval: nonzero(ours?.interval) ?? nonzero(image?.interval) ?? .seconds(30),
            timeout: nonzero(ours?.timeout) ?? nonzero(image?.timeout) ?? .seconds(30),
            startPeriod: ours?.startPeriod ?? image?.startPeriod ?? .zero,
            startInterval: nonzero(ours?.startInterval) ?? nonzero(image?.startInterval)
                ?? .seconds(5),
            retries: [ours?.retries, image?.retries].compactMap(\.self).first { $0 > 0 } ?? 3
        )
    }

    /// Images come from others: their intervals may be invalid too.
    private func checkImageHealth(_ image: ImageConfiguration.HealthCheck?) throws {
        let durations = [
            image?.interval, image?.timeout, image?.startPeriod, image?.startInterval,
        ]
        for case let duration? in durations where !HealthProbe.isValid(duration) {
            throw OrchestratorError.unsupported(
                service.place(of: "image"),
                reason: "a duration in the image's health check is invalid: "
                    + HealthProbe.refusal(of: duration)
            )
        }
    }

    private var shell: [String] { config.shell ?? ["/bin/sh", "-c"] }

    private func probeCommand(_ test: [String]) -> [String]? {
        switch test.first {
        case "CMD": Array(test.dropFirst())
        case "CMD-SHELL": shell + [test.dropFirst().joined(separator: " ")]
        default: nil
        }
    }

    /// Zero means unset, as in Docker.
    private func nonzero(_ duration: Duration?) -> Duration? {
        duration.flatMap { $0 == .zero ? nil : $0 }
    }
}
