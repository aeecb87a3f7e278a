import Notation
import YAML

extension Service {
    init(name: String, _ fields: Fields, _ node: YAMLNode) throws(ComposeError) {
        self.init(name: name)
        source = Source(node: node)
        extensions = fields.extensions
        try readIdentity(fields)
        try readProcess(fields)
        try readLimits(fields)
        try readConnections(fields)
        try readStorage(fields)
        try readLife(fields)
    }

    private mutating func readIdentity(_ fields: Fields) throws(ComposeError) {
        profiles = try fields.strings("profiles")
        annotations = try fields.labels("annotations")
        attach = try fields.boolean("attach")
        build = try fields.section("build").map(BuildDefinition.init)
        develop = try fields.section("develop").map(Develop.init)
        containerName = try fields.string("container_name")
        deploy = try fields.section("deploy").map(Deploy.init)
        provider = try fields.section("provider").map(Provider.init)
        image = try fields.string("image")
        isolation = try fields.string("isolation")
        labels = try fields.labels("labels")
        labelFiles = try fields.strings("label_file")
        platform = try fields.string("platform")
        pullPolicy = try pullPolicy(fields)
        pullRefreshAfter = try fields.string("pull_refresh_after")
        runtime = try fields.string("runtime")
        scale = try fields.integer("scale")
    }

    private mutating func readProcess(_ fields: Fields) throws(ComposeError) {
        addedCapabilities = try fields.strings("cap_add")
        droppedCapabilities = try fields.strings("cap_drop")
        command = try fields.command("command")
        credentialSpec = try fields.section("credential_spec").map(CredentialSpec.init)
        entrypoint = try fields.command("entrypoint")
        environment = try fields.variables("environment")
        envFiles = try fields.list("env_file", EnvFile.init)
        groupAdd = try fields.strings("group_add")
        usesInit = try fields.boolean("init")
        privileged = try fields.flag("privileged")
        readOnly = try fields.flag("read_only")
        securityOptions = try fields.strings("security_opt")
        stdinOpen = try fields.flag("stdin_open")
        sysctls = try fields.labels("sysctls")
        tty = try fields.flag("tty")
        usesAPISocket = try fields.flag("use_api_socket")
        user = try fields.string("user")
        userNamespaceMode = try fields.string("userns_mode")
        workingDirectory = try fields.string("working_dir")
    }

    private mutating func readLimits(_ fields: Fields) throws(ComposeError) {
        blockIO = try fields.section("blkio_config").map(BlockIO.init)
        cgroup = try fields.word("cgroup")
        cgroupParent = try fields.string("cgroup_parent")
        cpuCount = try fields.nonZero("cpu_count")
        cpuPercent = try fields.float("cpu_percent")
        cpuPeriod = try fields.nonZero("cpu_period")
        cpuQuota = try fields.nonZero("cpu_quota")
        cpuRealtimePeriod = try fields.nonZero("cpu_rt_period")
        cpuRealtimeRuntime = try fields.nonZero("cpu_rt_runtime")
        cpus = try fields.float("cpus")
        cpuset = try fields.string("cpuset")
        cpuShares = try fields.nonZero("cpu_shares")
        deviceCgroupRules = try fields.strings("device_cgroup_rules")
        devices = try fields.list("devices", Device.init)
        gpus = try fields.list("gpus", DeviceRequest.init)
        memoryLimit = try fields.bytes("mem_limit")
        memoryReservation = try fields.bytes("mem_reservation")
        memorySwapLimit = try fields.bytes("memswap_limit")
        memorySwappiness = try fields.bytes("mem_swappiness")?.bytes
        disablesOOMKill = try fields.flag("oom_kill_disable")
        oomScoreAdjustment = try fields.nonZero("oom_score_adj")
        pidsLimit = try fields.nonZero("pids_limit")
        shmSize = try fields.bytes("shm_size")
        storageOptions = try fields.labels("storage_opt")
        ulimits = try fields.named("ulimits", Ulimit.init)
    }

    private mutating func readConnections(_ fields: Fields) throws(ComposeError) {
        dns = try fields.strings("dns")
        dnsOptions = try fields.strings("dns_opt")
        dnsSearch = try fields.strings("dns_search")
        domainName = try fields.string("domainname")
        expose = try fields.strings("expose")
        externalLinks = try fields.strings("external_links")
        extraHosts = try fields.hosts("extra_hosts")
        hostname = try fields.string("hostname")
        ipc = try fields.string("ipc").map(NamespaceMode.init)
        links = try fields.strings("links")
        macAddress = try fields.string("mac_address")
        models = try fields.named("models", ServiceModel.init)
        networkMode = try fields.string("network_mode").map(NetworkMode.init)
        networks = try fields.named("networks", ServiceNetwork.init)
        pid = try fields.string("pid").map(NamespaceMode.init)
        ports = try fields.list("ports", Port.init)
        uts = try fields.string("uts").map(NamespaceMode.init)
    }

    private mutating func readStorage(_ fields: Fields) throws(ComposeError) {
        configs = try fields.list("configs", FileReference.init)
        secrets = try fields.list("secrets", FileReference.init)
        tmpfs = try fields.strings("tmpfs")
        volumes = try fields.list("volumes", ServiceVolume.init)
        volumesFrom = try fields.strings("volumes_from")
    }

    private mutating func readLife(_ fields: Fields) throws(ComposeError) {
        dependsOn = try fields.named("depends_on") { node, path throws(ComposeError) in
            try Dependency(Fields(of: node, at: path))
        }
        healthCheck = try fields.section("healthcheck").map(HealthCheck.init)
        logging = try fields.section("logging").map(Logging.init)
        preStart = try fields.list("pre_start", Hook.init)
        postStart = try fields.list("post_start", Hook.init)
        preStop = try fields.list("pre_stop", Hook.init)
        restart = try restartPolicy(fields)
        stopGracePeriod = try fields.duration("stop_grace_period")
        stopSignal = try fields.string("stop_signal")
    }

    private func pullPolicy(_ fields: Fields) throws(ComposeError) -> PullPolicy? {
        guard let text = try fields.string("pull_policy") else { return nil }
        guard let policy = PullPolicy(text) else {
            let known = "use always, missing, never, build or every_<duration>"
            throw fields.invalid("pull_policy", "pull policy", known)
        }
        return policy
    }

    private func restartPolicy(_ fields: Fields) throws(ComposeError) -> RestartPolicy? {
        guard let text = try fields.string("restart") else { return nil }
        guard let policy = RestartPolicy(text) else {
            let known = "use no, always, unless-stopped or on-failure[:TIMES]"
            throw fields.invalid("restart", "restart policy", known)
        }
        return policy
    }
}
