import Notation

extension Service: CanonicallyPrinted {
    func canonical(_ form: Canonical.Form) -> Value {
        var output = Canonical(form)
        output.strings("profiles", profiles)
        output.labels("annotations", annotations)
        output.boolean("attach", attach)
        output.object("build", build)
        output.object("develop", develop)
        output.object("blkio_config", blockIO)
        output.strings("cap_add", addedCapabilities)
        output.strings("cap_drop", droppedCapabilities)
        addProcessor(to: &output)
        addStart(to: &output)
        addNames(to: &output)
        addLimits(to: &output)
        addAccess(to: &output)
        addEnd(to: &output)
        output.extensions(extensions)
        return output.value
    }

    private func addProcessor(to output: inout Canonical) {
        output.text("cgroup_parent", cgroupParent)
        output.word("cgroup", cgroup)
        output.number("cpu_count", cpuCount)
        output.float("cpu_percent", cpuPercent)
        output.number("cpu_period", cpuPeriod)
        output.number("cpu_quota", cpuQuota)
        output.number("cpu_rt_period", cpuRealtimePeriod)
        output.number("cpu_rt_runtime", cpuRealtimeRuntime)
        output.float("cpus", cpus)
        output.text("cpuset", cpuset)
        output.number("cpu_shares", cpuShares)
    }

    private func addStart(to output: inout Canonical) {
        output.command("command", command)
        output.objects("configs", configs)
        output.text("container_name", containerName)
        output.object("credential_spec", credentialSpec)
        output.objects("depends_on", dependsOn)
        output.object("deploy", deploy)
        output.strings("device_cgroup_rules", deviceCgroupRules)
        output.objects("devices", devices)
        output.strings("dns", dns)
        output.strings("dns_opt", dnsOptions)
        output.strings("dns_search", dnsSearch)
        output.text("domainname", domainName)
        output.command("entrypoint", entrypoint)
        output.object("provider", provider)
        output.variables("environment", environment)
        output.objects("env_file", envFiles)
        output.strings("expose", expose)
    }

    private func addNames(to output: inout Canonical) {
        output.strings("external_links", externalLinks)
        output.hosts("extra_hosts", extraHosts)
        output.strings("group_add", groupAdd)
        output.objects("gpus", gpus)
        output.text("hostname", hostname)
        output.object("healthcheck", healthCheck)
        output.text("image", image)
        output.boolean("init", usesInit)
        output.described("ipc", ipc)
        output.text("isolation", isolation)
        output.labels("labels", labels)
        output.strings("label_file", labelFiles)
        output.strings("links", links)
        output.object("logging", logging)
    }

    private func addLimits(to output: inout Canonical) {
        output.bytes("mem_limit", memoryLimit)
        output.bytes("mem_reservation", memoryReservation)
        output.bytes("memswap_limit", memorySwapLimit)
        output.bytes("mem_swappiness", memorySwappiness.map { ByteCount($0) })
        output.text("mac_address", macAddress)
        output.objects("models", models)
        output.described("network_mode", networkMode)
        output.objects("networks", networks)
        output.flag("oom_kill_disable", disablesOOMKill)
        output.number("oom_score_adj", oomScoreAdjustment)
        output.described("pid", pid)
        output.number("pids_limit", pidsLimit)
        output.text("platform", platform)
        output.objects("ports", ports)
        output.flag("privileged", privileged)
        output.described("pull_policy", pullPolicy)
        output.flag("read_only", readOnly)
        output.described("restart", restart)
        output.text("runtime", runtime)
    }

    private func addAccess(to output: inout Canonical) {
        output.number("scale", scale)
        output.objects("secrets", secrets)
        output.strings("security_opt", securityOptions)
        output.bytes("shm_size", shmSize)
        output.flag("stdin_open", stdinOpen)
        output.duration("stop_grace_period", stopGracePeriod)
        output.text("stop_signal", stopSignal)
        output.labels("storage_opt", storageOptions)
        output.labels("sysctls", sysctls)
        output.strings("tmpfs", tmpfs)
        output.flag("tty", tty)
        output.objects("ulimits", ulimits)
        output.flag("use_api_socket", usesAPISocket)
        output.text("user", user)
        output.text("userns_mode", userNamespaceMode)
    }

    private func addEnd(to output: inout Canonical) {
        output.described("uts", uts)
        output.objects("volumes", volumes)
        output.strings("volumes_from", volumesFrom)
        output.text("working_dir", workingDirectory)
        output.objects("pre_start", preStart)
        output.objects("post_start", postStart)
        output.objects("pre_stop", preStop)
        output.text("pull_refresh_after", pullRefreshAfter)
    }
}
