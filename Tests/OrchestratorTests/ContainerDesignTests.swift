import ComposeFile
import Linux
import Notation
import OCI
import Testing

@testable import Orchestrator

struct ContainerDesignTests {
    @Test func `the service's command overrides the image's, its entrypoint both`() {
        #expect(design { _ in }.command == ["/entry", "serve"])
        #expect(design { $0.command = ["debug"] }.command == ["/entry", "debug"])
        #expect(design { $0.entrypoint = ["/other"] }.command == ["/other"])
        #expect(design { $0.command = [] }.command == ["/entry"])
    }

    @Test func `deploy.restart_policy overrides restart`() throws {
        let record = try record { service in
            service.restart = .always
            service.deploy = Deploy()
            service.deploy?.restartPolicy = DeployRestartPolicy()
            service.deploy?.restartPolicy?.condition = "on-failure"
            service.deploy?.restartPolicy?.maxAttempts = 3
            service.deploy?.restartPolicy?.delay = .seconds(5)
            service.deploy?.restartPolicy?.window = .seconds(60)
        }
        #expect(record.restart == .onFailure(limit: 0))
        #expect(
            record.restartPacing
                == RestartPacing(delay: .seconds(5), attempts: 3, window: .seconds(60))
        )
    }

    @Test func `missing parts of a health check come from the image, then from defaults`() throws {
        let record = try record { service in
            service.healthCheck = HealthCheck()
            service.healthCheck?.test = ["CMD-SHELL", "check"]
            service.healthCheck?.retries = 7
        }
        #expect(
            record.healthProbe
                == HealthProbe(
                    command: ["/bin/sh", "-c", "check"],
                    interval: .seconds(11),
                    timeout: .seconds(30),
                    startPeriod: .zero,
                    startInterval: .seconds(5),
                    retries: 7
                )
        )
    }

    @Test(arguments: [Duration.nanoseconds(1), .microseconds(999), .seconds(-1)])
    func `an image's health check with an interval below the minimum is rejected`(
        interval: Duration
    ) throws {
        let error = #expect(throws: OrchestratorError.self) {
            try record(imageInterval: interval) { _ in }
        }
        #expect(error?.description.contains("minimum of 1ms") == true)
    }

    @Test func `the network with the highest priority comes first`() throws {
        let record = try record { service in
            service.networks = ["a": ServiceNetwork(), "b": ServiceNetwork()]
            service.networks["b"]?.priority = 5
        }
        guard case .attached(let attachments) = record.network else {
            Issue.record("not attached")
            return
        }
        #expect(attachments.map(\.network) == ["b", "a"])
        #expect(attachments[0].aliases == ["web", "demo-web-1", "0123456789ab"])
    }

    @Test(arguments: [Float(1e9), 1e30, .infinity])
    func `any number of CPUs gives a valid quota`(cpus: Float) throws {
        let resources = try design { $0.cpus = cpus }.resources()
        #expect(resources.cpu?.quota == 100_000_000_000)
    }

    @Test func `the swap limit of a huge memory limit does not overflow`() throws {
        let resources = try design { $0.memoryLimit = ByteCount(.max) }.resources()
        #expect(resources.memory?.swap == .max)
    }

    @Test func `a variable without a value removes the image's`() {
        let design = design { $0.environment = ["PATH": nil, "A": "1"] }
        #expect(design.environment == ["HOSTNAME=0123456789ab", "A=1"])
    }

    @Test func `an unknown stop signal is rejected by name`() {
        #expect(
            throws: OrchestratorError.invalidValue(
                AttributePlace(service: "web", attribute: "stop_signal"),
                value: "SIGNOPE",
                wanted: "the name or number of a signal, such as SIGTERM"
            )
        ) {
            try record { $0.stopSignal = "SIGNOPE" }
        }
    }

    private func record(
        imageInterval: Duration = .seconds(11),
        _ change: (inout Service) -> Void
    ) throws -> ContainerRecord {
        try DesignFixture.design(imageInterval: imageInterval, change)
            .record(created: Timestamp(seconds: 0), mounts: MountDesign())
    }

    private func design(_ change: (inout Service) -> Void) -> ContainerDesign {
        DesignFixture.design(change)
    }
}

struct MountDesignTests {
    @Test func `parents are mounted before their children`() throws {
        let design = try mounts { service in
            service.volumes = [
                ServiceVolume(.bind, source: "/host/deep", target: "/data/deep"),
                ServiceVolume(.bind, source: "/host", target: "/data"),
            ]
        }
        #expect(design.mounts.map(\.destination) == ["/data", "/data/deep", "/image/volume"])
        #expect(design.hostDirectories == ["/host/deep", "/host"])
    }

    @Test func `a VOLUME of the image without a mount becomes an anonymous volume`() throws {
        let design = try mounts { _ in }
        #expect(
            design.volumes == [
                VolumeUse(name: "drawn", target: "/image/volume", isAnonymous: true)
            ]
        )
        #expect(design.fills == [MountDesign.Fill(volume: "drawn", target: "/image/volume")])
    }

    @Test func `anonymous volumes of the replaced container are inherited`() throws {
        let design = try mounts(inherited: ["/image/volume": "old"]) { _ in }
        #expect(design.volumes.map(\.name) == ["old"])
        #expect(design.newVolumes.isEmpty)
    }

    @Test func `a named volume is mounted from its directory and not filled with nocopy`() throws {
        let design = try mounts { service in
            service.volumes = [ServiceVolume(.volume, source: "data", target: "/image/volume")]
            service.volumes[0].readOnly = true
            service.volumes[0].volume = ServiceVolume.VolumeOptions()
            service.volumes[0].volume?.noCopy = true
        }
        #expect(design.fills.isEmpty)
        #expect(design.mounts[0].source == "/volumes/demo_data")
        #expect(design.mounts[0].options == ["rbind", "rprivate", "ro"])
    }

    @Test func `a read-only bind mount is read-only recursively`() throws {
        let design = try mounts { service in
            service.volumes = [ServiceVolume(.bind, source: "/host", target: "/data")]
            service.volumes[0].readOnly = true
        }
        #expect(design.mounts[0].options == ["rbind", "rprivate", "rro"])
    }

    @Test func `a secret from a variable is written to a file`() throws {
        let design = try mounts { service in
            service.secrets = [FileReference(source: "token")]
        }
        #expect(design.files.map(\.content) == [.text("s3cret")])
        #expect(design.mounts.contains { $0.destination == "/run/secrets/token" })
    }

    @Test func `a file with a mode is copied`() throws {
        let design = try mounts { service in
            service.secrets = [FileReference(source: "key")]
            service.secrets[0].mode = 0o400
        }
        #expect(design.files.map(\.content) == [.copy("/demo/key")])
        #expect(design.files.map(\.mode) == [0o400])
        let plain = try mounts { $0.secrets = [FileReference(source: "key")] }
        #expect(plain.files.isEmpty)
        #expect(plain.mounts.contains { $0.source == "/demo/key" })
    }

    @Test func `the subpath of a volume is a mount option`() throws {
        let design = try mounts { service in
            service.volumes = [ServiceVolume(.volume, source: "data", target: "/data")]
            service.volumes[0].volume = ServiceVolume.VolumeOptions()
            service.volumes[0].volume?.subpath = "deep/inside"
        }
        #expect(design.mounts[0].source == "/volumes/demo_data")
        #expect(
            design.mounts[0].options
                == ["rbind", "rprivate", "io.swiftcompose.subpath=deep/inside"]
        )
    }

    private func mounts(
        inherited: [String: String] = [:],
        _ change: (inout Service) -> Void
    ) throws -> MountDesign {
        try DesignFixture.design(change).mountDesign(
            MountContext(
                volumeContent: { "/volumes/\($0)" },
                volumeOptions: { _ in [:] },
                fileDirectory: "/files",
                inheritedVolumes: inherited,
                mountsOfContainer: { _ in nil },
                layersOfImage: { _ in nil },
                makeVolumeName: { "drawn" }
            )
        )
    }
}

enum DesignFixture {
    static func design(
        imageInterval: Duration = .seconds(11),
        _ change: (inout Service) -> Void
    ) -> ContainerDesign {
        var service = Service(name: "web")
        change(&service)
        var project = Project(name: "demo", workingDirectory: "/demo")
        project.services["web"] = service
        project.volumes["data"] = VolumeDefinition(name: "demo_data")
        project.secrets["token"] = SecretDefinition()
        project.secrets["token"]?.content = "s3cret"
        project.secrets["key"] = SecretDefinition()
        project.secrets["key"]?.file = "/demo/key"
        var configuration = ImageConfiguration()
        configuration.config.entrypoint = ["/entry"]
        configuration.config.cmd = ["serve"]
        configuration.config.volumes = ["/image/volume"]
        configuration.config.healthcheck = .init(test: ["CMD", "old"], interval: imageInterval)
        return ContainerDesign(
            project: project,
            service: service,
            configuration: configuration,
            imageID: Fixture.image,
            imageName: "demo-web",
            id: "0123456789abcdef",
            name: "demo-web-1",
            number: 1,
            configHash: "hash",
            lowerDirectories: ["/layer"]
        )
    }
}
