import ComposeFile
import ContainerNetwork
import ContainerRuntime
import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Orchestrator

/// Records that a power failure, a full disk or an administrator has damaged.
@Suite(.enabled(if: SupervisorFixture.obstacle == nil, "needs busybox and namespaces"))
struct DamagedFilesTests {
    enum Damage: String, CaseIterable, Sendable {
        case empty, half, garbage, null, object, zeros, removed

        func apply(to path: FilePath) throws {
            let content = try FileSystem.read(path)
            let damaged: [UInt8]
            switch self {
            case .empty: damaged = []
            case .half: damaged = Array(content.prefix(content.count / 2))
            case .garbage: damaged = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 41) }
            case .null: damaged = Array("null".utf8)
            case .object: damaged = Array("{}".utf8)
            case .zeros: damaged = Array(repeating: 0, count: content.count)
            case .removed: return try FileSystem.removeFile(path)
            }
            try AtomicFile.write(damaged, to: path)
        }
    }

    @Test(arguments: ["config.json", "container.json", "state.json"], Damage.allCases)
    func `down removes a running container despite a damaged file`(
        file: String,
        damage: Damage
    ) async throws {
        for killsSupervisor in [false, true] {
            try await SupervisorFixture.with { fixture in
                let damaged = try fixture.make("damaged", "sleep 1000")
                let intact = try fixture.make("intact", "sleep 1000")
                for record in [damaged, intact] { try await fixture.start(record) }
                if killsSupervisor { try await fixture.killSupervisor(after: 0) }
                let directory = fixture.files.container(damaged.id).directory
                try damage.apply(to: directory.appending(file))
                // The supervisor serves the other container as before.
                let pid = try fixture.state(intact).pid
                try await fixture.start(intact)
                #expect(try fixture.state(intact).pid == pid)
                #expect(try await fixture.change().down(.init()))
                let cgroups = try CgroupHierarchy.discover()
                for record in [damaged, intact] {
                    #expect(try cgroups.groups(named: record.id).isEmpty)
                    #expect(!FileSystem.exists(fixture.files.container(record.id).directory))
                }
            }
        }
    }

    @Test(arguments: ["container.json", "config.json"], [Damage.empty, .removed])
    func `up refuses to touch a container with a damaged record`(
        file: String,
        damage: Damage
    ) async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000")
            try await fixture.start(record)
            let directory = fixture.files.container(record.id).directory
            try damage.apply(to: directory.appending(file))
            let commands = try fixture.commands(of: record)
            let error = await #expect(throws: OrchestratorError.self) { try await fixture.up() }
            #expect(error?.description.contains(record.id) == true)
            #expect(try fixture.commands(of: record) == commands)
            #expect(!commands.isEmpty)
            // A stopped container holds data, too.
            try await fixture.stop(record)
            let second = await #expect(throws: OrchestratorError.self) { try await fixture.up() }
            #expect(second?.description.contains(record.id) == true)
            #expect(FileSystem.exists(directory.appending("upper")))
        }
    }

    @Test(arguments: Damage.allCases)
    func `down removes networks and volumes despite damaged descriptions`(
        damage: Damage
    ) async throws {
        try await SupervisorFixture.with { fixture in
            let network = "\(fixture.project)_net"
            let volume = "\(fixture.project)_data"
            let labels = [ComposeLabel.project: fixture.project]
            try fixture.networks.create(.init(name: network, labels: labels))
            let volumes = VolumeStore(directory: fixture.paths.volumes)
            try volumes.create(VolumeRecord(name: volume, labels: labels))
            let record = try fixture.make("web", "sleep 1000", networks: [network])
            try await fixture.start(record)
            try damage.apply(to: fixture.paths.networks.appending("\(network).json"))
            try damage.apply(
                to: fixture.paths.volumes.appending(volume).appending("volume.json")
            )
            var options = ProjectChange.DownOptions()
            options.removesVolumes = true
            #expect(try await fixture.change().down(options))
            #expect(!FileSystem.exists(fixture.files.container(record.id).directory))
            for name in ["\(network).json", "\(network).leases"] {
                #expect(!FileSystem.exists(fixture.paths.networks.appending(name)))
            }
            #expect(!FileSystem.exists(fixture.paths.volumes.appending(volume)))
        }
    }

    @Test func `a volume with a damaged record is described again and keeps its content`() throws {
        try withScratchDirectory { directory in
            let volumes = VolumeStore(directory: directory)
            try volumes.create(VolumeRecord(name: "data"))
            try FileSystem.makeDirectory(volumes.content(of: "data").appending("kept"))
            try Damage.half.apply(to: directory.appending("data/volume.json"))
            #expect(try volumes.all().isEmpty)
            try volumes.create(VolumeRecord(name: "data"))
            #expect(try volumes.all().map(\.name) == ["data"])
            #expect(FileSystem.exists(volumes.content(of: "data").appending("kept")))
        }
    }

    @Test(arguments: [0xFF as UInt8, 0x7F, 0x80, 0xF0])
    func `an impossible log journal does not prevent a takeover`(byte: UInt8) async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "while true; do echo x; sleep 0.05; done")
            try await fixture.start(record)
            let pid = try fixture.state(record).pid
            try await fixture.killSupervisor(after: 0)
            try AtomicFile.write(
                [UInt8](repeating: byte, count: 40),
                to: fixture.files.spool(record.id).appending("journal")
            )
            try await fixture.start(record)
            #expect(try fixture.state(record).pid == pid)
            try await fixture.stop(record)
            #expect(try fixture.commands(of: record).isEmpty)
        }
    }

    @Test func `numbers out of range in a state do not trap the supervisor`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("flaky", "exit 1") { $0.restart = .always }
            var state = ContainerState(status: .restarting)
            state.restartCount = .max
            state.failingStreak = .max
            state.restartDelay = .seconds(Int64.max)
            try JSONFile.write(state, to: fixture.files.container(record.id).state)
            try await fixture.start(record)
            #expect(try fixture.state(record).restartCount < 100)
            try await fixture.stop(record)
        }
    }
}

extension SupervisorFixture {
    /// Brings the project up with a service without an image.
    fileprivate func up() async throws {
        var loaded = try loadProject("services: {web: {image: busybox}}")
        loaded.name = project
        try await change().up(loaded, images: [:], options: .init())
    }

    /// A change of the project, as a command makes it.
    func change() throws -> ProjectChange {
        ProjectChange(
            try Host(paths),
            project: project,
            executable: Self.executable,
            progress: { _ in }
        )
    }
}
