import ImageStore
import OCI
import Orchestrator
import SystemPackage

extension Engine {
    /// `GET /containers/{id}/json`.
    func inspectContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        var document = try inspection(of: container)
        if request.query.flag("size") {
            document["SizeRw"] = .integer(try writableSize(of: container.record))
            document["SizeRootFs"] = document["SizeRw"]
        }
        try await response.send(document)
    }

    /// The description of a container: its request, its record and its state.
    private func inspection(of container: ExistingContainer) throws -> JSON {
        let record = container.record
        let files = host.paths.project(record.project).container(record.id)
        let asked = requestDocument(of: record)
        return [
            "Id": .string(record.id), "Created": .string(record.created.nineDigits),
            "Path": .string(record.command.first ?? ""),
            "Args": JSON(Array(record.command.dropFirst())), "State": state(of: container),
            "Image": .string("\(record.imageID)"), "Name": .string("/\(record.name)"),
            "ResolvConfPath": .string(files.resolvConf.string),
            "HostnamePath": .string(files.hostname.string),
            "HostsPath": .string(files.hosts.string), "LogPath": .string(files.log.string),
            "RestartCount": JSON(container.state.restartCount), "Driver": "overlay2",
            "Platform": "linux", "MountLabel": "", "ProcessLabel": "", "AppArmorProfile": "",
            "ExecIDs": execs.ids(of: record.id).isEmpty ? nil : JSON(execs.ids(of: record.id)),
            "HostConfig": hostConfiguration(of: record, asked["HostConfig"]),
            "GraphDriver": [
                "Name": "overlay2",
                "Data": [
                    "UpperDir": .string(files.upper.string),
                    "WorkDir": .string(files.work.string),
                    "LowerDir": .string(record.lowerDirectories.joined(separator: ":")),
                    "MergedDir": .string(files.rootfs.string),
                ],
            ],
            "Mounts": record.mountDocuments, "Config": try configuration(of: record, asked),
            "NetworkSettings": networkSettings(of: container),
        ]
    }

    private func state(of container: ExistingContainer) -> JSON {
        let state = container.state
        var document: JSON = [
            "Status": .string(state.status.rawValue), "Running": .bool(container.isRunning),
            "Paused": .bool(state.status == .paused),
            "Restarting": .bool(state.status == .restarting),
            "OOMKilled": .bool(state.wasKilledForMemory), "Dead": .bool(state.status == .dead),
            "Pid": JSON(state.pid ?? 0), "ExitCode": JSON(state.exitCode ?? 0),
            "Error": .string(state.failure ?? ""), "StartedAt": Timestamp.text(state.startedAt),
            "FinishedAt": Timestamp.text(state.finishedAt),
        ]
        guard container.record.healthProbe != nil else { return document }
        document["Health"] = [
            "Status": .string(state.health?.rawValue ?? "starting"),
            "FailingStreak": JSON(state.failingStreak),
            "Log": .array(
                state.probes.map { probe in
                    [
                        "Start": .string(probe.started.nineDigits),
                        "End": .string(probe.ended.nineDigits), "ExitCode": JSON(probe.exitCode),
                        "Output": .string(probe.output),
                    ]
                }
            ),
        ]
        return document
    }

    /// The client's own settings, with the record's where it has none.
    private func hostConfiguration(of record: ContainerRecord, _ asked: JSON) -> JSON {
        var document = ContainerDefaults.hostConfiguration
        for (key, value) in asked.object where !value.isZero || document[key].isZero {
            document[key] = value
        }
        if document["LogConfig"]["Type"].isZero { document["LogConfig"]["Type"] = "json-file" }
        if let swap = ContainerLimits(asked).memorySwap { document["MemorySwap"] = JSON(swap) }
        if document["NetworkMode"].isZero || document["NetworkMode"] == "default" {
            document["NetworkMode"] = .string(networkMode(of: record))
        }
        if asked.isNull {
            document["RestartPolicy"] = record.restart.document
            document["PortBindings"] = record.ports.reduce(into: [:]) { bindings, port in
                let key = "\(port.containerPort)/\(port.transport)"
                let number = port.hostPorts.lowerBound
                bindings[key] = .array(
                    bindings[key].array + [
                        [
                            "HostIp": .string(port.hostAddress),
                            "HostPort": .string(number == 0 ? "" : "\(number)"),
                        ]
                    ]
                )
            }
            document["AutoRemove"] = .bool(record.removesItself)
        }
        return document
    }

    private func configuration(of record: ContainerRecord, _ asked: JSON) throws -> JSON {
        let image = try host.images.image(id: record.imageID)?.configuration.config
        var document: JSON = [
            "Hostname": .string(record.names.hostname ?? String(record.id.prefix(12))),
            "Domainname": .string(record.names.domainName ?? ""),
            "User": .string(image?.user ?? ""),
            "AttachStdin": false, "AttachStdout": false, "AttachStderr": false,
            "Tty": .bool(record.hasTerminal), "OpenStdin": .bool(record.keepsInputOpen),
            "StdinOnce": .bool(record.endsInputWithClient), "Env": JSON(image?.env ?? []),
            "Cmd": image?.cmd.map { JSON($0) } ?? nil,
            "Entrypoint": image?.entrypoint.map { JSON($0) } ?? nil,
            "Image": .string(record.image), "Volumes": nil,
            "WorkingDir": .string(image?.workingDir ?? ""), "OnBuild": nil,
            "StopSignal": .string(image?.stopSignal ?? ""),
        ]
        let own: Set = [
            "HostConfig", "NetworkingConfig", "Env", "Labels", "ExposedPorts", "Hostname",
        ]
        for (key, value) in asked.object where !own.contains(key) && !value.isZero {
            document[key] = value
        }
        if asked.isNull {
            document["Cmd"] = JSON(record.command)
            document["Entrypoint"] = nil
        } else {
            document["Env"] = JSON(Self.merged(image?.env ?? [], asked["Env"].strings ?? []))
        }
        if let name = asked["Hostname"].string, !name.isEmpty {
            document["Hostname"] = .string(name)
        }
        document["Labels"] = JSON(record.labels)
        document["ExposedPorts"] = .object(
            Dictionary(record.exposedPorts.map { ($0, JSON.object([:])) }) { $1 }
        )
        return document
    }

    private static func merged(_ first: [String], _ second: [String]) -> [String] {
        let names = Set(second.map { $0.prefix { $0 != "=" } })
        return first.filter { !names.contains($0.prefix { $0 != "=" }) } + second
    }

    private func networkSettings(of container: ExistingContainer) -> JSON {
        let endpoints = ContainerNetworks(container, in: host.networks).endpoints
        // Older clients read the address on the default bridge here.
        let primary = endpoints["bridge"] ?? .null
        return [
            "Bridge": "", "SandboxID": container.isRunning ? .string(container.id) : "",
            "SandboxKey": "", "HairpinMode": false, "LinkLocalIPv6Address": "",
            "LinkLocalIPv6PrefixLen": 0, "SecondaryIPAddresses": nil,
            "SecondaryIPv6Addresses": nil, "Ports": ContainerPorts(container).map,
            "EndpointID": .string(primary["EndpointID"].string ?? ""),
            "Gateway": .string(primary["Gateway"].string ?? ""),
            "IPAddress": .string(primary["IPAddress"].string ?? ""),
            "IPPrefixLen": .integer(primary["IPPrefixLen"].integer ?? 0),
            "MacAddress": .string(primary["MacAddress"].string ?? ""), "IPv6Gateway": "",
            "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "Networks": .object(endpoints),
        ]
    }
}

extension RestartRule {
    fileprivate var document: JSON {
        switch self {
        case .never: ["Name": "no", "MaximumRetryCount": 0]
        case .always: ["Name": "always", "MaximumRetryCount": 0]
        case .unlessStopped: ["Name": "unless-stopped", "MaximumRetryCount": 0]
        case .onFailure(let limit): ["Name": "on-failure", "MaximumRetryCount": JSON(limit)]
        }
    }
}

/// The values of settings that a client has not given.
enum ContainerDefaults {
    static let hostConfiguration: JSON = [
        "Binds": nil, "ContainerIDFile": "", "LogConfig": ["Type": "json-file", "Config": [:]],
        "NetworkMode": "", "PortBindings": [:],
        "RestartPolicy": ["Name": "no", "MaximumRetryCount": 0], "AutoRemove": false,
        "VolumeDriver": "", "VolumesFrom": nil, "ConsoleSize": [0, 0], "CapAdd": nil,
        "CapDrop": nil, "CgroupnsMode": "private", "Dns": [], "DnsOptions": [], "DnsSearch": [],
        "ExtraHosts": nil, "GroupAdd": nil, "IpcMode": "private", "Cgroup": "", "Links": nil,
        "OomScoreAdj": 0, "PidMode": "", "Privileged": false, "PublishAllPorts": false,
        "ReadonlyRootfs": false, "SecurityOpt": nil, "UTSMode": "", "UsernsMode": "",
        "ShmSize": 67_108_864, "Runtime": "runc", "Isolation": "", "CpuShares": 0,
        "Memory": 0, "NanoCpus": 0, "CgroupParent": "", "BlkioWeight": 0, "CpuPeriod": 0,
        "CpuQuota": 0, "CpuRealtimePeriod": 0, "CpuRealtimeRuntime": 0, "CpusetCpus": "",
        "CpusetMems": "", "Devices": nil, "DeviceCgroupRules": nil, "DeviceRequests": nil,
        "MemoryReservation": 0, "MemorySwap": 0, "MemorySwappiness": nil, "OomKillDisable": nil,
        "PidsLimit": nil, "Ulimits": nil, "MaskedPaths": [], "ReadonlyPaths": [],
    ]
}
