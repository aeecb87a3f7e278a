import ComposeFile
import Notation
import Orchestrator

/// Translates the request for a container into the attributes of a service.
///
/// A field that asks for something that this engine lacks is refused by name; values that Go clients
/// send for unset fields mean the default.
struct ContainerTranslation {
    private let document: JSON
    private let settings: JSON
    private let name: String
    private(set) var warnings: [String] = []

    init(_ document: JSON, name: String) {
        self.document = document
        settings = document["HostConfig"]
        self.name = name
    }

    /// The document with the names of its members as the Engine API defines them.
    static func naming(_ document: JSON) -> JSON {
        var document = document.namingMembers(known)
        document["HostConfig"] = document["HostConfig"]
            .namingMembers(knownSettings.union(defaults.keys))
        return document
    }

    mutating func container() throws -> RequestedContainer {
        try refuseUnknown()
        try ContainerLimits(settings).check()
        let labels = document["Labels"].texts
        let project = labels[ComposeLabel.project]
        let isOfProject = project.map(ObjectName.isValid) ?? false
        let serviceName = isOfProject ? labels[ComposeLabel.service] ?? name : name
        var service = Service(name: serviceName)
        try translateProcess(&service)
        try translateSettings(&service)
        try translateLimits(&service)
        try translateMounts(&service)
        try translatePorts(&service)
        var requested = RequestedContainer(service, document: document.bytes)
        if isOfProject, let project { requested.project = project }
        requested.isOneOff = labels[ComposeLabel.oneOff] == "True"
        let number = labels[ComposeLabel.containerNumber].flatMap { Int($0) } ?? 1
        requested.number = requested.isOneOff || !isOfProject ? 0 : number
        requested.labels = labels
        requested.removesItself = settings.isTrue("AutoRemove")
        requested.endsInputWithClient = document.isTrue("StdinOnce")
        if requested.removesItself, service.restart != nil, service.restart != .no {
            throw EngineError.badRequest("can't create 'AutoRemove' container with restart policy")
        }
        return requested
    }

    private static let known: Set<String> = [
        "Hostname", "Domainname", "User", "AttachStdin", "AttachStdout", "AttachStderr",
        "ExposedPorts", "Tty", "OpenStdin", "StdinOnce", "Env", "Cmd", "Healthcheck",
        "ArgsEscaped", "Image", "Volumes", "WorkingDir", "Entrypoint", "NetworkDisabled",
        "MacAddress", "OnBuild", "Labels", "StopSignal", "StopTimeout", "Shell", "HostConfig",
        "NetworkingConfig",
    ]
    /// The drivers that keep output on this host, or none.
    private static let logDrivers: Set<String> = ["json-file", "local", "none"]
    private static let knownSettings: Set<String> = [
        "Binds", "LogConfig", "NetworkMode", "PortBindings", "RestartPolicy", "AutoRemove",
        "VolumesFrom", "Mounts", "ConsoleSize", "Annotations", "CapAdd", "CapDrop",
        "CgroupnsMode", "Dns", "DnsOptions", "DnsSearch", "ExtraHosts", "GroupAdd", "IpcMode",
        "Links", "OomScoreAdj", "PidMode", "Privileged", "PublishAllPorts", "ReadonlyRootfs",
        "SecurityOpt", "Tmpfs", "UTSMode", "ShmSize", "Sysctls", "Init", "CpuShares", "Memory",
        "NanoCpus", "CgroupParent", "CpuPeriod", "CpuQuota", "CpusetCpus", "CpusetMems",
        "Devices", "DeviceCgroupRules", "MemoryReservation", "MemorySwap", "MemorySwappiness",
        "OomKillDisable", "PidsLimit", "Ulimits", "CpuRealtimePeriod", "CpuRealtimeRuntime",
        "VolumeDriver",
        "BlkioWeight", "BlkioWeightDevice", "BlkioDeviceReadBps", "BlkioDeviceWriteBps",
        "BlkioDeviceReadIOps", "BlkioDeviceWriteIOps",
        // Written by clients to describe themselves; without effect on the container.
        "ContainerIDFile", "MaskedPaths", "ReadonlyPaths",
    ]
    /// The values of other fields that mean the default.
    private static let defaults: [String: Set<String>] = [
        "Runtime": ["runc", "io.containerd.runc.v2", "swiftcompose"],
        "Isolation": ["default"], "UsernsMode": ["host"],
    ]

    private func refuseUnknown() throws(EngineError) {
        for (key, value) in document.object where !Self.known.contains(key) && !value.isZero {
            if let text = value.string, Self.defaults[key]?.contains(text) == true { continue }
            throw .unsupported(key, "this field is not supported")
        }
        for (key, value) in settings.object
        where !Self.knownSettings.contains(key) && !value.isZero {
            if let text = value.string, Self.defaults[key]?.contains(text) == true { continue }
            throw .unsupported("HostConfig.\(key)", "this setting is not supported")
        }
        for key in ["MaskedPaths", "ReadonlyPaths"] where settings[key].array.count == 1 {
            throw .unsupported(
                "HostConfig.\(key)",
                "use the security option systempaths=unconfined"
            )
        }
    }

    private func text(_ value: JSON) -> String? { value.string.flatMap { $0.isEmpty ? nil : $0 } }

    private mutating func translateProcess(_ service: inout Service) throws {
        service.hostname = text(document["Hostname"])
        service.domainName = text(document["Domainname"])
        service.user = text(document["User"])
        service.workingDirectory = text(document["WorkingDir"])
        service.tty = document.isTrue("Tty")
        service.stdinOpen = document.isTrue("OpenStdin")
        service.entrypoint = words(document["Entrypoint"])
        // An entrypoint of one empty word resets the image's.
        if service.entrypoint == [""] { service.entrypoint = [] }
        service.command = words(document["Cmd"]).flatMap { $0.isEmpty ? nil : $0 }
        for entry in document["Env"].strings ?? [] {
            let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            service.environment[String(parts[0])] =
                parts.count > 1 ? .some(String(parts[1])) : .some(nil)
        }
        service.stopSignal = text(document["StopSignal"])
        service.stopGracePeriod = document["StopTimeout"].integer.map { .seconds($0) }
        service.healthCheck = healthCheck()
    }

    private func words(_ value: JSON) -> [String]? { value.string.map { [$0] } ?? value.strings }

    private func healthCheck() -> HealthCheck? {
        let asked = document["Healthcheck"]
        guard !asked.isZero else { return nil }
        func duration(_ key: String) -> Duration? {
            asked[key].integer.flatMap { $0 > 0 ? .nanoseconds($0) : nil }
        }
        var check = HealthCheck()
        check.test = asked["Test"].strings ?? []
        check.interval = duration("Interval")
        check.timeout = duration("Timeout")
        check.startPeriod = duration("StartPeriod")
        check.startInterval = duration("StartInterval")
        check.retries = asked["Retries"].integer.flatMap { $0 > 0 ? Int($0) : nil }
        return check
    }

    private mutating func translateSettings(_ service: inout Service) throws {
        service.privileged = settings.isTrue("Privileged")
        service.readOnly = settings.isTrue("ReadonlyRootfs")
        service.usesInit = settings["Init"].bool
        service.addedCapabilities = settings["CapAdd"].strings ?? []
        service.droppedCapabilities = settings["CapDrop"].strings ?? []
        service.groupAdd = settings["GroupAdd"].strings ?? []
        service.securityOptions = settings["SecurityOpt"].strings ?? []
        service.dns = settings["Dns"].strings ?? []
        service.dnsOptions = settings["DnsOptions"].strings ?? []
        service.dnsSearch = settings["DnsSearch"].strings ?? []
        service.annotations = settings["Annotations"].texts
        service.sysctls = settings["Sysctls"].texts
        for host in settings["ExtraHosts"].strings ?? [] {
            guard let mark = host.firstIndex(of: ":") else {
                throw EngineError.badRequest("bad format for add-host: \"\(host)\"")
            }
            service.extraHosts[String(host[..<mark]), default: []]
                .append(String(host[host.index(after: mark)...]))
        }
        if let mode = text(settings["PidMode"]) { service.pid = NamespaceMode(mode) }
        if let mode = text(settings["IpcMode"]), mode != "private" {
            service.ipc = NamespaceMode(mode)
        }
        if let mode = text(settings["UTSMode"]) { service.uts = NamespaceMode(mode) }
        service.cgroup = text(settings["CgroupnsMode"]).flatMap(CgroupNamespace.init)
        service.cgroupParent = text(settings["CgroupParent"])
        service.restart = try restart()
        service.logging = try logging()
        service.volumesFrom = (settings["VolumesFrom"].strings ?? []).map { "container:\($0)" }
    }

    private func restart() throws(EngineError) -> RestartPolicy? {
        let policy = settings["RestartPolicy"]
        switch policy["Name"].string ?? "" {
        case "", "no": return nil
        case "always": return .always
        case "unless-stopped": return .unlessStopped
        case "on-failure":
            let limit = policy["MaximumRetryCount"].integer ?? 0
            return .onFailure(maximumRetries: limit > 0 ? Int(limit) : nil)
        case let name: throw .badRequest("invalid restart policy '\(name)'")
        }
    }

    private func logging() throws(EngineError) -> Logging? {
        guard let driver = text(settings["LogConfig"]["Type"]) else { return nil }
        guard Self.logDrivers.contains(driver) else {
            throw .badRequest("logger: no log driver named '\(driver)' is registered")
        }
        var logging = Logging()
        logging.driver = driver
        logging.options = settings["LogConfig"]["Config"].texts
        return logging
    }
}

extension ContainerTranslation {
    private func positive(_ key: String) -> Int64? {
        settings[key].integer.flatMap { $0 > 0 ? $0 : nil }
    }

    private mutating func translateLimits(_ service: inout Service) throws {
        service.memoryLimit = positive("Memory").map { ByteCount($0) }
        service.memoryReservation = positive("MemoryReservation").map { ByteCount($0) }
        service.memorySwapLimit = settings["MemorySwap"].integer
            .flatMap { $0 != 0 ? ByteCount($0) : nil }
        service.memorySwappiness = settings["MemorySwappiness"].integer.flatMap {
            $0 < 0 ? nil : $0
        }
        service.disablesOOMKill = settings.isTrue("OomKillDisable")
        service.oomScoreAdjustment = settings["OomScoreAdj"].integer.flatMap { $0 != 0 ? $0 : nil }
        service.pidsLimit = settings["PidsLimit"].integer.flatMap { $0 > 0 ? $0 : nil }
        service.cpuShares = positive("CpuShares")
        service.cpuPeriod = positive("CpuPeriod")
        service.cpuQuota = positive("CpuQuota")
        service.cpuRealtimePeriod = positive("CpuRealtimePeriod")
        service.cpuRealtimeRuntime = positive("CpuRealtimeRuntime")
        service.cpus = positive("NanoCpus").map { Float($0) / 1_000_000_000 }
        service.cpuset = text(settings["CpusetCpus"])
        service.shmSize = positive("ShmSize").map { ByteCount($0) }
        for limit in settings["Ulimits"].array {
            guard let name = limit["Name"].string, let soft = limit["Soft"].integer else {
                throw EngineError.badRequest("invalid ulimit")
            }
            service.ulimits[name] = .pair(soft: soft, hard: limit["Hard"].integer ?? soft)
        }
        for device in settings["Devices"].array {
            guard let path = device["PathOnHost"].string else { continue }
            var translated = Device(source: path)
            translated.target = text(device["PathInContainer"]) ?? path
            translated.permissions = text(device["CgroupPermissions"])
            service.devices.append(translated)
        }
        service.blockIO = blockIO()
        service.deviceCgroupRules = settings["DeviceCgroupRules"].strings ?? []
        if let nodes = text(settings["CpusetMems"]) {
            throw EngineError.unsupported("HostConfig.CpusetMems", "'\(nodes)' is not supported")
        }
    }

    private func blockIO() -> BlockIO? {
        func rates(_ key: String) -> [BlockIO.DeviceRate] {
            settings[key].array.map { device in
                BlockIO.DeviceRate(
                    path: device["Path"].string ?? "",
                    rate: ByteCount(device["Rate"].integer ?? 0)
                )
            }
        }
        var blockIO = BlockIO()
        blockIO.weight = positive("BlkioWeight").map { UInt16(clamping: $0) }
        blockIO.deviceWeights = settings["BlkioWeightDevice"].array.map { device in
            BlockIO.DeviceWeight(
                path: device["Path"].string ?? "",
                weight: UInt16(clamping: device["Weight"].integer ?? 0)
            )
        }
        blockIO.readBytes = rates("BlkioDeviceReadBps")
        blockIO.writeBytes = rates("BlkioDeviceWriteBps")
        blockIO.readOperations = rates("BlkioDeviceReadIOps")
        blockIO.writeOperations = rates("BlkioDeviceWriteIOps")
        return blockIO == BlockIO() ? nil : blockIO
    }

    private mutating func translateMounts(_ service: inout Service) throws {
        for bind in settings["Binds"].strings ?? [] {
            service.volumes.append(try mount(bind: bind))
        }
        for mount in settings["Mounts"].array { service.volumes.append(try self.mount(mount)) }
        if let driver = text(settings["VolumeDriver"]), driver != "local",
            !document["Volumes"].object.isEmpty
                || service.volumes.contains(where: { $0.kind == .volume })
        {
            throw EngineError.unsupported(
                "HostConfig.VolumeDriver",
                "error looking up volume plugin \(driver): plugin \"\(driver)\" not found"
            )
        }
        let taken = Set(service.volumes.map(\.target))
        for target in document["Volumes"].object.keys.sorted() where !taken.contains(target) {
            service.volumes.append(ServiceVolume(.volume, target: target))
        }
        for (path, options) in settings["Tmpfs"].texts.sorted(by: { $0.key < $1.key }) {
            service.tmpfs.append(options.isEmpty ? path : "\(path):\(options)")
        }
    }

    /// `SOURCE:TARGET[:OPTIONS]`, or a target alone.
    private func mount(bind: String) throws(EngineError) -> ServiceVolume {
        let parts = bind.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 1 { return ServiceVolume(.volume, target: bind) }
        guard parts.count <= 3, !parts[0].isEmpty, parts[1].hasPrefix("/") else {
            throw .badRequest("invalid volume specification: '\(bind)'")
        }
        let isPath = parts[0].hasPrefix("/")
        guard isPath || ObjectName.isValid(parts[0]) else {
            throw .badRequest(
                "create \(parts[0]): \"\(parts[0])\" includes invalid characters for a local volume "
                    + "name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" are allowed. If you intended to pass a "
                    + "host directory, use absolute path"
            )
        }
        var volume = ServiceVolume(isPath ? .bind : .volume, source: parts[0], target: parts[1])
        for option in parts.count > 2 ? parts[2].split(separator: ",") : [] {
            switch option {
            case "ro": volume.readOnly = true
            case "rw", "z", "Z", "cached", "delegated", "consistent": break
            case "nocopy" where !isPath:
                volume.volume = volume.volume ?? ServiceVolume.VolumeOptions()
                volume.volume?.noCopy = true
            case "rprivate", "private", "rshared", "shared", "rslave",
                "slave" where isPath:
                volume.bind = volume.bind ?? ServiceVolume.BindOptions()
                volume.bind?.createHostPath = true
                volume.bind?.propagation = String(option)
            default: throw .badRequest("invalid mode: \(option)")
            }
        }
        return volume
    }

    private func mount(_ mount: JSON) throws(EngineError) -> ServiceVolume {
        guard let target = text(mount["Target"]) else {
            throw .badRequest("invalid mount config: field Target must not be empty")
        }
        guard let kind = mount["Type"].string.flatMap(ServiceVolume.Kind.init) else {
            throw .badRequest("mount type unknown")
        }
        var volume = ServiceVolume(kind, source: text(mount["Source"]), target: target)
        volume.readOnly = mount.isTrue("ReadOnly")
        switch kind {
        case .bind:
            var options = ServiceVolume.BindOptions()
            options.propagation = text(mount["BindOptions"]["Propagation"])
            options.createHostPath = mount["BindOptions"].isTrue("CreateMountpoint")
            if mount["BindOptions"].isTrue("NonRecursive") { options.recursive = .disabled }
            volume.bind = options
        case .volume:
            var options = ServiceVolume.VolumeOptions()
            options.noCopy = mount["VolumeOptions"].isTrue("NoCopy")
            options.labels = mount["VolumeOptions"]["Labels"].texts
            options.subpath = text(mount["VolumeOptions"]["Subpath"])
            volume.volume = options
            let driver = text(mount["VolumeOptions"]["DriverConfig"]["Name"]) ?? "local"
            guard driver == "local", mount["VolumeOptions"]["DriverConfig"]["Options"].isZero else {
                throw .unsupported("VolumeOptions.DriverConfig", "create the volume first")
            }
        case .tmpfs:
            var options = ServiceVolume.TmpfsOptions()
            options.size = mount["TmpfsOptions"]["SizeBytes"].integer.map { ByteCount($0) }
            if !mount["TmpfsOptions"]["Options"].isZero {
                throw .unsupported("TmpfsOptions.Options", "use HostConfig.Tmpfs")
            }
            options.mode = mount["TmpfsOptions"]["Mode"].integer.map { UInt32(clamping: $0) }
            volume.tmpfs = options
        case .image:
            var options = ServiceVolume.ImageOptions()
            options.subpath = text(mount["ImageOptions"]["Subpath"])
            volume.image = options
        case .npipe, .cluster: throw .unsupported("Mounts.Type", "'\(kind.rawValue)'")
        }
        return volume
    }

    private mutating func translatePorts(_ service: inout Service) throws {
        service.expose = document["ExposedPorts"].object.keys.sorted()
        for (key, bindings) in settings["PortBindings"].object.sorted(by: { $0.key < $1.key }) {
            let parts = key.split(separator: "/").map(String.init)
            guard let first = parts.first, let target = Int(first) else {
                throw EngineError.badRequest("invalid port specification: \"\(key)\"")
            }
            for binding in bindings.array {
                var port = Port(target: target)
                port.protocol = parts.count > 1 ? parts[1] : "tcp"
                port.hostIP = text(binding["HostIp"])
                port.published = text(binding["HostPort"]).flatMap { $0 == "0" ? nil : $0 }
                service.ports.append(port)
            }
        }
        guard settings.isTrue("PublishAllPorts") else { return }
        let published = Set(settings["PortBindings"].object.keys)
        for exposed in service.expose where !published.contains(exposed) {
            let parts = exposed.split(separator: "/").map(String.init)
            guard let target = parts.first.flatMap({ Int($0) }) else { continue }
            var port = Port(target: target)
            port.protocol = parts.count > 1 ? parts[1] : "tcp"
            service.ports.append(port)
        }
    }
}
