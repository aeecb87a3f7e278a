import ComposeFile

extension ServiceReview {
    /// What is taken and does nothing here, one sentence each.
    func notices() -> [ComposeWarning] {
        limitNotices + platformNotices + loggingNotices + protectionNotices + clusterNotices
    }

    private func notice(_ path: String..., text: String) -> ComposeWarning {
        let place = place(path)
        return ComposeWarning(
            "services.\(place.service).\(place.attribute): \(text)",
            at: place.location
        )
    }

    private var limitNotices: [ComposeWarning] {
        var notices: [ComposeWarning] = []
        if !facts.hasVersion1Controllers {
            if service.disablesOOMKill {
                notices.append(
                    notice(
                        "oom_kill_disable",
                        text: "version 2 of control groups has no such switch"
                    )
                )
            }
            if service.memorySwappiness ?? -1 >= 0 {
                notices.append(
                    notice("mem_swappiness", text: "version 2 of control groups has no such knob")
                )
            }
        }
        if service.memorySwapLimit?.bytes ?? 0 > 0, !facts.hasSwapLimits {
            notices.append(
                notice(
                    "memswap_limit",
                    text: "this kernel does not count swap; memory is limited alone"
                )
            )
        }
        let hasWeights =
            service.blockIO?.weight != nil || service.blockIO?.deviceWeights.isEmpty == false
        if hasWeights, !facts.hasBlockWeights {
            notices.append(notice("blkio_config", text: "this kernel has no weights of devices"))
        }
        return notices
    }

    private var platformNotices: [ComposeWarning] {
        let given: [(key: String, isGiven: Bool)] = [
            ("cpu_count", service.cpuCount ?? 0 != 0),
            ("cpu_percent", service.cpuPercent ?? 0 != 0),
            ("credential_spec", service.credentialSpec != nil),
        ]
        var notices = given.filter(\.isGiven).map { notice($0.key, text: "is for Windows only") }
        if service.networkMode == .host, !service.ports.isEmpty {
            notices.append(
                notice("ports", text: "published ports are discarded with the host's network")
            )
        }
        return notices
    }

    private var loggingNotices: [ComposeWarning] {
        guard let logging = service.logging else { return [] }
        let driver = logging.driver ?? "json-file"
        guard ["", "json-file", "local", "none"].contains(driver) else {
            return [
                notice(
                    "logging",
                    "driver",
                    text: "'\(driver)' is not here; output goes to files, which 'logs' shows"
                )
            ]
        }
        return logging.options.keys.sorted().filter { !["max-size", "max-file"].contains($0) }
            .map { notice("logging", "options", $0, text: "has no effect on the files kept here") }
    }

    private var protectionNotices: [ComposeWarning] {
        guard facts.hasSELinux else { return [] }
        var notices: [ComposeWarning] = []
        for (index, text) in service.securityOptions.enumerated() {
            if case .label(let word)? = SecurityOption(text), word != "disable" {
                notices.append(
                    notice("security_opt", String(index), text: "SELinux labels are not set here")
                )
            }
        }
        for (index, volume) in service.volumes.enumerated() where volume.bind?.selinux != nil {
            notices.append(
                notice(
                    "volumes",
                    String(index),
                    text: "'\(volume.source ?? "")' is not labelled for SELinux; "
                        + "label it with chcon(1)"
                )
            )
        }
        return notices
    }

    /// All words for a cluster in one sentence.
    private var clusterNotices: [ComposeWarning] {
        guard let deploy = service.deploy else { return [] }
        let given: [(key: String, isGiven: Bool)] = [
            ("mode", deploy.mode.map { !["", "replicated"].contains($0) } ?? false),
            ("placement", deploy.placement != Placement()),
            ("update_config", deploy.updateConfig != nil),
            ("rollback_config", deploy.rollbackConfig != nil),
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
            notice(
                "deploy",
                text: "of no effect on one machine: \(keys.joined(separator: ", "))"
            )
        ]
    }
}
