import ImageStore
import Linux
import NIOHTTP1
import OCI
import Orchestrator
import SystemPackage

extension Engine {
    /// `GET` and `HEAD /_ping`.
    func ping(_ request: Request, _ response: Response) async throws {
        try await response.send(
            Array("OK".utf8),
            type: "text/plain; charset=utf-8",
            headers: [
                "Builder-Version": "1", "Swarm": "inactive",
                "Cache-Control": "no-cache, no-store, must-revalidate", "Pragma": "no-cache",
            ]
        )
    }

    private static func kernel() -> String {
        // The release is shown to the user only.
        let text = (try? FileSystem.readText("/proc/sys/kernel/osrelease")) ?? ""
        return text.filter { $0 != "\n" }
    }

    /// `GET /version`.
    func version(_ request: Request, _ response: Response) async throws {
        let (version, kernel) = (SwiftcomposeVersion.current, Self.kernel())
        let architecture = Platform.host.architecture
        try await response.send([
            "Platform": ["Name": "swiftcompose"], "Version": "28.5.2",
            "ApiVersion": .string("\(APIVersion.newest)"),
            "MinAPIVersion": .string("\(APIVersion.oldest)"), "GitCommit": "",
            "GoVersion": "", "Os": "linux", "Arch": .string(architecture),
            "KernelVersion": .string(kernel), "BuildTime": "",
            "Components": [
                [
                    "Name": "Engine", "Version": "28.5.2",
                    "Details": [
                        "ApiVersion": .string("\(APIVersion.newest)"),
                        "MinAPIVersion": .string("\(APIVersion.oldest)"), "Os": "linux",
                        "Arch": .string(architecture), "KernelVersion": .string(kernel),
                        "Experimental": "false", "GitCommit": "", "GoVersion": "",
                        "BuildTime": "",
                    ],
                ],
                ["Name": "swiftcompose", "Version": .string(version), "Details": [:]],
            ],
        ])
    }

    /// `GET /info`.
    func information(_ request: Request, _ response: Response) async throws {
        let containers = try allContainers()
        let running = containers.count { $0.state.status == .running }
        let paused = containers.count { $0.state.status == .paused }
        let memory =
            try FileSystem.readText("/proc/meminfo").split(separator: "\n").first
            .flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int64($0) } ?? 0
        let hostname = try FileSystem.readText("/proc/sys/kernel/hostname").filter { $0 != "\n" }
        try await response.send([
            "ID": .string(hostname), "Containers": JSON(containers.count),
            "ContainersRunning": JSON(running), "ContainersPaused": JSON(paused),
            "ContainersStopped": JSON(containers.count - running - paused),
            "Images": JSON(try allImages().count), "Driver": "overlay2", "DriverStatus": [],
            "Plugins": [
                "Volume": ["local"], "Network": ["bridge", "host", "null"],
                "Authorization": nil, "Log": ["json-file"],
            ], "MemoryLimit": true, "SwapLimit": true, "CpuCfsPeriod": true,
            "CpuCfsQuota": true, "CPUShares": true, "CPUSet": true, "PidsLimit": true,
            "IPv4Forwarding": true, "Debug": false, "NFd": 0, "OomKillDisable": false,
            "NGoroutines": 0, "SystemTime": .string(Timestamp.now.nineDigits),
            "LoggingDriver": "json-file", "CgroupDriver": "cgroupfs",
            "CgroupVersion": FileSystem.exists("/sys/fs/cgroup/cgroup.controllers") ? "2" : "1",
            "NEventsListener": 0, "KernelVersion": .string(Self.kernel()),
            "OperatingSystem": "Linux", "OSVersion": "", "OSType": "linux",
            "Architecture": .string(
                Platform.host.architecture == "amd64" ? "x86_64" : Platform.host.architecture
            ), "IndexServerAddress": "https://index.docker.io/v1/",
            "RegistryConfig": [
                "InsecureRegistryCIDRs": ["127.0.0.0/8"], "Mirrors": [],
                "IndexConfigs": [
                    "docker.io": [
                        "Name": "docker.io", "Mirrors": [], "Secure": true, "Official": true,
                    ]
                ],
            ], "NCPU": JSON(Self.processors()), "MemTotal": .integer(memory * 1024),
            "GenericResources": nil, "DockerRootDir": .string(host.paths.data.string),
            "HttpProxy": "", "HttpsProxy": "", "NoProxy": "", "Name": .string(hostname),
            "Labels": [], "ExperimentalBuild": false, "ServerVersion": "28.5.2",
            "Runtimes": ["swiftcompose": ["path": "swiftcompose"]],
            "DefaultRuntime": "swiftcompose",
            "Swarm": [
                "NodeID": "", "NodeAddr": "", "LocalNodeState": "inactive",
                "ControlAvailable": false, "Error": "", "RemoteManagers": nil,
            ], "LiveRestoreEnabled": true, "Isolation": "", "InitBinary": "swiftcompose",
            "SecurityOptions": ["name=seccomp,profile=builtin", "name=cgroupns"],
            "Warnings": nil, "FirewallBackend": ["Driver": "nftables"],
        ])
    }

    static func processors() -> Int {
        // Without the file one processor is assumed.
        let text = (try? FileSystem.readText("/proc/stat")) ?? ""
        let lines = text.split(separator: "\n").filter {
            $0.hasPrefix("cpu") && !$0.hasPrefix("cpu ")
        }
        return max(1, lines.count)
    }

    /// `GET /system/df`.
    func diskUsage(_ request: Request, _ response: Response) async throws {
        let host = host
        let usage = try await BackgroundThread.run { try host.diskUsage { _ in } }
        let kinds = Set(request.query.all("type"))
        let all = try allImages()
        let users = try allContainers().map(\.record.imageID)
        let images: [JSON] = all.map { named in
            var document = summary(of: named, for: request.version)
            document["SharedSize"] = .integer(Self.sharedSize(of: named.image, among: all))
            document["Containers"] = JSON(users.count { $0 == named.image.id })
            return document
        }
        let containers: [JSON] = try allContainers().map { container in
            [
                "Id": .string(container.id), "Names": [.string("/\(container.record.name)")],
                "Image": .string(container.record.image),
                "ImageID": .string("\(container.record.imageID)"),
                "Command": .string(container.record.command.joined(separator: " ")),
                "Created": .integer(container.record.created.seconds),
                "SizeRw": .integer(try writableSize(of: container.record)), "SizeRootFs": 0,
                "State": .string(container.state.status.rawValue),
                "Status": .string(container.statusText(at: .now)),
                "Labels": JSON(container.record.labels), "Mounts": [], "Ports": [],
            ]
        }
        let volumes: [JSON] = try host.volumes.all().filter { isVisible(labels: $0.labels) }.map {
            volume in
            [
                "Name": .string(volume.name), "Driver": "local", "Scope": "local",
                "Mountpoint": .string(host.volumes.content(of: volume.name).string),
                "Labels": JSON(volume.labels), "Options": nil,
                "CreatedAt": .string(volume.created.nineDigits),
                "UsageData": [
                    "Size": .integer(
                        try FileSystem.diskUsage(of: host.volumes.content(of: volume.name))
                    ),
                    "RefCount": JSON(try host.containers.users(ofVolume: volume.name).count),
                ],
            ]
        }
        var document: JSON = [:]
        func add(_ kind: String, _ members: [String: JSON]) {
            guard kinds.isEmpty || kinds.contains(kind) else { return }
            for (key, value) in members { document[key] = value }
        }
        add("image", ["LayersSize": .integer(usage.images.total), "Images": .array(images)])
        add("container", ["Containers": .array(containers)])
        add("volume", ["Volumes": .array(volumes)])
        add("build-cache", ["BuildCache": .array(Self.cacheDocuments(usage.buildCache.total))])
        if request.version < APIVersion(minor: 42) {
            document["BuilderSize"] = .integer(usage.buildCache.total)
        }
        try await response.send(document)
    }

    /// The build cache as one record: its steps share their layers.
    private static func cacheDocuments(_ size: Int64) -> [JSON] {
        guard size > 0 else { return [] }
        return [
            [
                "ID": "swiftcompose", "Type": "regular", "Description": "results of build steps",
                "InUse": false, "Shared": false, "Size": .integer(size),
                "CreatedAt": .string(Timestamp.goZeroText), "LastUsedAt": nil, "UsageCount": 1,
                "Parents": nil,
            ]
        ]
    }
}
