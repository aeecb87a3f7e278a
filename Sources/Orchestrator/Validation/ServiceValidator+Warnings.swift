import ComposeFile
import Notation

extension ServiceValidator {
    /// One warning for each attribute that has no effect on this host.
    func warnings() -> [ComposeWarning] {
        limitWarnings + privilegeWarnings + platformWarnings + loggingWarnings
            + protectionWarnings + clusterWarnings + rollingWarnings + buildWarnings
            + mountWarnings
    }

    func warning(_ path: String..., text: String) -> ComposeWarning {
        let place = place(path)
        return ComposeWarning(
            "\(place.path): \(text)",
            at: place.location
        )
    }

    private var limitWarnings: [ComposeWarning] {
        var warnings: [ComposeWarning] = []
        if !capabilities.hasVersion1Controllers {
            if service.disablesOOMKill {
                warnings.append(
                    warning(
                        "oom_kill_disable",
                        text: "not supported by cgroup v2; ignored"
                    )
                )
            }
            if service.memorySwappiness ?? -1 >= 0 {
                warnings.append(
                    warning("mem_swappiness", text: "not supported by cgroup v2; ignored")
                )
            }
        }
        if service.memorySwapLimit?.bytes ?? 0 > 0, !capabilities.hasSwapLimits {
            warnings.append(
                warning(
                    "memswap_limit",
                    text: "this kernel does not account for swap; only memory is limited"
                )
            )
        }
        let hasWeights =
            service.blockIO?.weight != nil || service.blockIO?.deviceWeights.isEmpty == false
        if hasWeights, !capabilities.hasBlockWeights {
            warnings.append(
                warning(
                    "blkio_config",
                    text: "this kernel does not support block device weights; ignored"
                )
            )
        }
        return warnings
    }

    private var platformWarnings: [ComposeWarning] {
        let given: [(key: String, isGiven: Bool)] = [
            ("cpu_count", service.cpuCount ?? 0 != 0),
            ("cpu_percent", service.cpuPercent ?? 0 != 0),
            ("credential_spec", service.credentialSpec != nil),
            ("build.isolation", service.build?.isolation?.isEmpty == false),
        ]
        var warnings = given.filter(\.isGiven).map {
            warning($0.key, text: "applies to Windows only; ignored")
        }
        if service.networkMode == .host, !service.ports.isEmpty {
            warnings.append(
                warning("ports", text: "published ports are discarded when using host network mode")
            )
        }
        return warnings
    }

    private var buildWarnings: [ComposeWarning] {
        var warnings: [ComposeWarning] = []
        if service.pullRefreshAfter != nil {
            warnings.append(warning("pull_refresh_after", text: "has no effect; ignored"))
        }
        let caches = [
            ("cache_from", service.build?.cacheFrom), ("cache_to", service.build?.cacheTo),
        ]
        for (key, caches) in caches where caches?.isEmpty == false {
            warnings.append(
                warning("build", key, text: "the build cache is local only; ignored")
            )
        }
        let attestations = [
            ("provenance", service.build?.provenance), ("sbom", service.build?.sbom),
        ]
        for (key, value) in attestations where !["", "false"].contains(value ?? "") {
            warnings.append(warning("build", key, text: "attestations are not supported; ignored"))
        }
        for (index, secret) in (service.build?.secrets ?? []).enumerated() {
            let given = [
                ("uid", secret.uid != nil), ("gid", secret.gid != nil),
                ("mode", secret.mode != nil),
            ]
            for (key, isGiven) in given where isGiven {
                warnings.append(
                    warning(
                        "build",
                        "secrets",
                        String(index),
                        key,
                        text: "set by 'RUN --mount=type=secret'; ignored"
                    )
                )
            }
        }
        return warnings
    }

    private var mountWarnings: [ComposeWarning] {
        service.volumes.enumerated().filter { $0.element.consistency?.isEmpty == false }.map {
            warning("volumes", String($0.offset), "consistency", text: "has no effect; ignored")
        }
    }

    private var loggingWarnings: [ComposeWarning] {
        guard let logging = service.logging else { return [] }
        let driver = logging.driver ?? "json-file"
        guard ["", "json-file", "local", "none"].contains(driver) else {
            return [
                warning(
                    "logging",
                    "driver",
                    text: "driver '\(driver)' is not available; output is logged to files"
                )
            ]
        }
        return logging.options.keys.sorted().filter { !["max-size", "max-file"].contains($0) }
            .map { warning("logging", "options", $0, text: "has no effect on log files") }
    }

    private var protectionWarnings: [ComposeWarning] {
        guard capabilities.hasSELinux else { return [] }
        var warnings: [ComposeWarning] = []
        for (index, text) in service.securityOptions.enumerated() {
            if case .label(let word)? = SecurityOption(text), word != "disable" {
                warnings.append(
                    warning(
                        "security_opt",
                        String(index),
                        text: "SELinux labels are not supported; ignored"
                    )
                )
            }
        }
        for (index, volume) in service.volumes.enumerated() where volume.bind?.selinux != nil {
            warnings.append(
                warning(
                    "volumes",
                    String(index),
                    text: "'\(volume.source ?? "")' is not relabelled for SELinux; "
                        + "use chcon(1)"
                )
            )
        }
        return warnings
    }

    /// Keys of rolling updates that have no effect on this command or service.
    private var rollingWarnings: [ComposeWarning] {
        guard let deploy = service.deploy else { return [] }
        let given = [
            ("update_config", deploy.updateConfig), ("rollback_config", deploy.rollbackConfig),
        ]
        let keys = given.filter { $0.1 != nil }.map(\.0)
        guard isRolling else {
            guard !keys.isEmpty else { return [] }
            return [
                warning(
                    "deploy",
                    text: "ignored without --rolling: \(keys.joined(separator: ", "))"
                )
            ]
        }
        return given.filter { $0.1?.order == .startFirst && !canRunBesideAnother }.map { key, _ in
            warning(
                "deploy",
                key,
                "order",
                text: "the old container stops first, since both would use the same address"
            )
        }
    }

    /// Whether two containers of the service can run at the same time.
    private var canRunBesideAnother: Bool {
        switch service.networkMode {
        case nil:
            service.macAddress == nil
                && service.networks.values.allSatisfy { attachment in
                    attachment.ipv4Address == nil && attachment.ipv6Address == nil
                        && attachment.macAddress == nil
                }
        case .bridge: service.macAddress == nil
        case .some(.none): true
        default: false
        }
    }

    /// Swarm-only keys, in one warning.
    private var clusterWarnings: [ComposeWarning] {
        guard let deploy = service.deploy else { return [] }
        let given: [(key: String, isGiven: Bool)] = [
            ("mode", deploy.mode.map { !["", "replicated"].contains($0) } ?? false),
            ("placement", deploy.placement != Placement()),
            ("endpoint_mode", deploy.endpointMode != nil),
            ("resources.reservations.cpus", deploy.reservations?.cpus != nil),
            (
                "resources.reservations.generic_resources",
                deploy.reservations?.genericResources.isEmpty == false
            ),
            ("labels", !deploy.labels.isEmpty),
        ]
        let keys = given.filter(\.isGiven).map(\.key)
        guard !keys.isEmpty else { return [] }
        return [
            warning(
                "deploy",
                text: "ignored outside a swarm: \(keys.joined(separator: ", "))"
            )
        ]
    }
}
