import ContainerNetwork
import ContainerRuntime
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import Orchestrator

/// A project in a scratch directory, with BusyBox containers and a real supervisor.
struct SupervisorFixture: Sendable {
    let root: FilePath
    let project: String
    let paths: DataPaths
    let client: SupervisorClient

    /// Why these tests cannot run on this machine; nil if they can.
    static let obstacle: String? =
        if busybox == nil {
            "no static busybox (install busybox-static)"
        } else if (try? FileSystem.status(of: "/proc/self/ns/net")) == nil {
            "no network namespaces"
        } else {
            nil
        }

    static let busybox = ["/bin/busybox", "/usr/bin/busybox"].first {
        FileSystem.exists(FilePath($0))
    }

    /// The built program, beside the test bundle.
    static let executable: FilePath = {
        let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? ""
        var path = FilePath(bundle)
        while let name = path.lastComponent, name.extension != "xctest" {
            path.removeLastComponent()
        }
        return path.removingLastComponent().appending("swiftcompose")
    }()

    /// Calls `body` with a project; with `diskSize`, such as `16m`, its directory is a disk of its own.
    static func with(
        diskSize: String? = nil,
        _ body: (SupervisorFixture) async throws -> Void
    ) async throws {
        let unique = String(UInt32.random(in: .min ... .max), radix: 36)
        try await withScratchDirectory { root in
            guard let diskSize else { return try await with(root, project: "test\(unique)", body) }
            try mountDisk(diskSize, at: root)
            defer {
                // A mount that is left would be found by the removal of the directory.
                try? Mount.unmount(root, lazily: true)
            }
            try await with(root, project: "test\(unique)", body)
        }
    }

    private static func with(
        _ root: FilePath,
        project: String,
        _ body: (SupervisorFixture) async throws -> Void
    ) async throws {
        let paths = DataPaths(data: root.appending("lib"), run: root.appending("run"))
        let fixture = SupervisorFixture(
            root: root,
            project: project,
            paths: paths,
            client: SupervisorClient(project: project, paths: paths, executable: executable)
        )
        try fixture.makeRootFiles()
        var failure: (any Error)?
        do { try await body(fixture) } catch { failure = error }
        try await fixture.end()
        if let failure { throw failure }
    }

    var files: ProjectPaths { paths.project(project) }
    var networks: NetworkStore { NetworkStore(directory: paths.networks) }

    /// Creates a container that runs `script` in a shell.
    @discardableResult
    func make(
        _ service: String,
        _ script: String,
        networks: [String] = [],
        change: (inout ContainerRecord) -> Void = { _ in }
    ) throws -> ContainerRecord {
        let id = (0..<8).map { _ in
            let digits = String(UInt32.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 8 - digits.count) + digits
        }.joined()
        var record = try ContainerRecord(test: id, project: project, service: service)
        if !networks.isEmpty {
            record.network = .attached(
                networks.map { NetworkAttachment(network: $0, aliases: [service]) }
            )
        }
        change(&record)
        let container = files.container(id)
        for directory in [container.directory, container.upper, container.work, container.rootfs] {
            try FileSystem.makeDirectories(directory)
        }
        try JSONFile.write(specification(script, container, record), to: container.specification)
        try JSONFile.write(record, to: container.record)
        return record
    }

    func state(_ record: ContainerRecord) throws -> ContainerState {
        try JSONFile.read(ContainerState.self, from: files.container(record.id).state)
    }

    func log(_ record: ContainerRecord) throws -> [String] {
        var lines: [String] = []
        let source = LogSource(container: record.id, log: files.container(record.id).log)
        try LogReader([source]).run { lines.append(String(decoding: $0.text, as: UTF8.self)) }
        return lines
    }

    func start(_ record: ContainerRecord) async throws {
        try await client.request(.start(container: record.id))
    }

    func stop(_ record: ContainerRecord, grace: Duration? = nil) async throws {
        try await client.request(.stop(container: record.id, grace: grace))
    }

    /// The first event that satisfies `isWanted`.
    func event(
        in events: AsyncStream<ContainerEvent>,
        where isWanted: (ContainerEvent.Kind) -> Bool
    ) async -> ContainerEvent? {
        for await event in events where isWanted(event.kind) { return event }
        return nil
    }

    /// The supervisor's process; nil if there is none.
    func supervisorPID() throws -> Int32? { try pid(of: "supervise") }

    /// A process of this project by its internal command; nil if there is none.
    func pid(of command: String) throws -> Int32? { try pids(of: command).first }

    /// The processes of this project with an internal command.
    func pids(of command: String) throws -> [Int32] {
        var pids: [Int32] = []
        for name in try FileSystem.entries(of: "/proc") {
            guard let pid = Int32(name) else { continue }
            // Other processes may exit during the search.
            let words = (try? FileSystem.readText(FilePath("/proc/\(pid)/cmdline"))) ?? ""
            let parts = words.split(separator: "\0")
            if parts.count == 5, parts[1] == command, parts[2] == project { pids.append(pid) }
        }
        return pids
    }

    private func end() async throws {
        if FileSystem.exists(files.containers) {
            for id in try FileSystem.entries(of: files.containers) {
                // A container that was never started needs no stop.
                try? await client.request(.stop(container: id, grace: .zero))
            }
        }
        await client.close()
        let lockFile = files.supervisorLock
        if FileSystem.exists(files.run) {
            // The supervisor holds the lock as long as it runs.
            try await BackgroundThread.run {
                _ = try FileLock(waitingFor: lockFile, creatingDirectories: 0o700)
            }
        }
        for network in try networks.all() { try networks.remove(network.name) }
        try Cgroup("/\(project)", in: try .discover()).remove()
    }

    private static func mountDisk(_ size: String, at root: FilePath) throws {
        try DetachedMount(
            type: "tmpfs",
            source: "tmpfs",
            settings: [MountSetting("size", size)]
        ).attach(to: root)
    }

    private func makeRootFiles() throws {
        let lower = root.appending("lower")
        for name in ["bin", "dev", "etc", "proc", "sys", "tmp"] {
            try FileSystem.makeDirectories(lower.appending(name))
        }
        let busybox = try #require(Self.busybox)
        let program = try FileSystem.read(FilePath(busybox))
        try AtomicFile.write(program, to: lower.appending("bin/busybox"), mode: 0o755)
        for name in ["sh", "sleep", "cat", "echo", "kill", "nslookup", "nc", "wget", "true", "seq"]
        {
            try FileSystem.makeSymbolicLink(lower.appending("bin").appending(name), to: "busybox")
        }
    }

    private func specification(
        _ script: String,
        _ container: ContainerPaths,
        _ record: ContainerRecord
    ) throws -> RuntimeSpecification {
        typealias Mount = RuntimeSpecification.Mount
        let kinds: [RuntimeSpecification.Namespace.Kind] = [
            .pid, .mount, .network, .uts, .ipc, .cgroup,
        ]
        var specification = RuntimeSpecification(
            process: .init(args: ["/bin/sh", "-c", script], env: ["PATH=/bin"]),
            root: .init(path: "rootfs"),
            linux: .init(
                namespaces: kinds.map { RuntimeSpecification.Namespace($0) },
                cgroupsPath: "/\(project)/\(record.id)"
            )
        )
        specification.process?.terminal = record.hasTerminal ? true : nil
        let files = [
            ("/etc/hosts", container.hosts), ("/etc/hostname", container.hostname),
            ("/etc/resolv.conf", container.resolvConf),
        ]
        specification.mounts =
            [
                Mount(destination: "/proc", type: "proc", source: "proc"),
                Mount(destination: "/dev", type: "tmpfs", source: "tmpfs"),
                Mount(
                    destination: "/dev/pts",
                    type: "devpts",
                    source: "devpts",
                    options: ["newinstance", "ptmxmode=0666", "mode=0620"]
                ),
            ]
            + files.map {
                Mount(destination: $0, type: "bind", source: $1.string, options: ["bind"])
            }
        specification.extensions = RuntimeExtensions(
            overlay: .init(
                lower: [root.appending("lower")],
                upper: container.upper,
                work: container.work
            )
        )
        return specification
    }
}

extension ContainerRecord {
    init(test id: String, project: String, service: String) throws {
        self.init(
            id: id,
            name: "\(project)-\(service)-1",
            project: project,
            service: service,
            number: 1,
            image: "busybox",
            imageID: try Digest("sha256:" + id),
            command: ["sh"],
            created: .now
        )
        logging = .files(maximumSize: 0, count: 1)
    }
}
