import ComposeFile
import ContainerNetwork
import ImageBuilder
import OCI
import SystemPackage
import Testing

@testable import Orchestrator

/// Every attribute of the schema is applied, rejected, or reported to have no effect.
struct AttributeEffectTests {
    @Test(arguments: AttributeCatalogue.entries)
    func `an attribute is not ignored silently`(entry: AttributeCatalogue.Entry) {
        if Self.handledElsewhere.contains(where: { entry.path.hasPrefix($0.key) }) { return }
        switch effect(of: entry.with) {
        case .rejected(let reason):
            // A value of the wrong form would be rejected for another reason.
            let keys = entry.path.split { ".[]".contains($0) }.map(String.init)
                .filter { !["services", "web"].contains($0) }
            let words = keys + keys.map { $0.replacing("_", with: " ") }
            #expect(words.contains { reason.contains($0) }, "\(entry.with): \(reason)")
        case .accepted(let consequences, let warnings):
            let isReported = warnings.contains { warning in
                let path = warning.prefix { $0 != ":" }.split(separator: ".")
                let keys = path.reduce("") { Int($1) == nil ? "\($0).\($1)" : "\($0)[]" }
                return entry.path.hasPrefix(keys.dropFirst())
            }
            guard !isReported,
                case .accepted(let others, _) = effect(of: entry.without)
            else { return }
            #expect(consequences != others, "\(entry.with)")
        }
    }

    @Test func `attributes handled elsewhere are in the schema`() {
        for path in Self.handledElsewhere.keys {
            #expect(AttributeCatalogue.entries.contains { $0.path.hasPrefix(path) }, "\(path)")
        }
    }

    @Test(arguments: [
        "-1", "0", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
        "18446744073709551616", "1e308", "-1e308", ".inf", ".nan", "1e-320",
        "99999999999999999999p",
        "9223372036854775807ns", "9223372036s9.9s", "'0x7fffffffffffffff'", "65536", "4294967296",
    ])
    func `no number ends the program, and a rejected one is located`(value: String) {
        let entries = AttributeCatalogue.numbers(value)
        #expect(entries.count > 80)
        for entry in entries {
            guard case .rejected(let reason) = effect(of: entry.with) else { continue }
            let section = entry.path.prefix { $0 != "." && $0 != "[" }
            #expect(reason.contains(section), "\(entry.with): \(reason)")
        }
    }

    /// Attributes without an effect on the values compared here, and where they have it.
    private static let handledElsewhere = [
        "version": "obsolete; the loader warns",
        "name": "the project name, which the fixture sets by an option",
        "services.web.attach": "read by the command 'up'",
        "services.web.extends": "merged by the loader",
        "include": "merged by the loader",
        "services.web.image": "read by ImageSupply",
        "services.web.pull_policy": "read by ImageSupply",
        "services.web.develop": "read by WatchRules",
        "services.web.ports[].name": "a description",
        "services.web.ports[].app_protocol": "a description",
        "services.web.ports[].mode": "both modes are the same on one host",
        "models": "rejected with the services that use them",
    ]

    /// The result of merging a fragment into the base project.
    private enum Effect {
        case rejected(String)
        /// A description of everything created for the project, and the warnings.
        case accepted(String, warnings: [String])
    }

    private func effect(of fragment: String) -> Effect {
        do {
            let project = try load(fragment)
            var parts = project.serviceNames
            var warnings: [String] = []
            try project.checkResources()
            for service in project.orderedServices {
                let validator = ServiceValidator(
                    service: service,
                    project: project,
                    capabilities: HostCapabilities(
                        hasVersion1Controllers: false,
                        hasRealtimeLimits: true,
                        hasSELinux: true,
                        processors: ProcessorSet("0-3") ?? ProcessorSet()
                    )
                )
                try validator.validate()
                warnings += validator.warnings().map(\.message)
                parts.append("\(project.replicasAndDependencies(of: service))")
                parts.append(try design(of: service, in: project))
                for index in service.preStart.indices {
                    let step = service.initContainer(index, sharingMountsOf: "web")
                    parts.append(try design(of: step, in: project))
                }
                parts.append(
                    "\(service.initImages.map(\.image)) \(service.preStart.map(\.perReplica))"
                )
                if service.build != nil {
                    let request = try BuildRequest(
                        service,
                        of: project,
                        reference: ImageReference("base")
                    )
                    parts.append(canonical(request))
                }
            }
            warnings += try NetworkValidator(project: project).validate().map(\.message)
            warnings += project.resourceWarnings().map(\.message)
            parts.append(try resources(of: project))
            return .accepted(parts.joined(separator: "\n"), warnings: warnings)
        } catch {
            return .rejected("\(error)")
        }
    }

    private func design(of service: Service, in project: Project) throws -> String {
        var configuration = ImageConfiguration()
        configuration.config.cmd = ["serve"]
        let design = ContainerDesign(
            project: project,
            service: service,
            configuration: configuration,
            imageID: Fixture.image,
            imageName: "image",
            id: "0123456789abcdef",
            name: service.containerName ?? "demo-\(service.name)-1",
            number: 1,
            configHash: "hash",
            lowerDirectories: ["/layer"]
        )
        let mounts = try design.mountDesign(
            MountContext(
                volumeContent: { "/volumes/\($0)" },
                volumeOptions: { name in
                    project.volumes.values.first { $0.name == name }?.driverOptions ?? [:]
                },
                fileDirectory: "/files",
                inheritedVolumes: [:],
                mountsOfContainer: { _ in [.init(destination: "/shared")] },
                layersOfImage: { _ in ["/top", "/bottom"] },
                makeVolumeName: { "drawn" }
            )
        )
        let record = try design.record(created: Timestamp(seconds: 0), mounts: mounts)
        let specification = try design.specification(
            mounts,
            ContainerPaths(directory: "/containers/x")
        )
        return canonical(record) + canonical(mounts) + canonical(specification)
    }

    private func resources(of project: Project) throws -> String {
        let state = DesiredState(project: project, order: [], targets: [], images: [:])
        var networks = try state.networkSpecifications()
        for name in networks.keys { networks[name]?.labels[ComposeLabel.configHash] = nil }
        var volumes = state.volumeRecords()
        for name in volumes.keys {
            volumes[name]?.labels[ComposeLabel.configHash] = nil
            volumes[name]?.created = Timestamp(seconds: 0)
        }
        let external = project.networks.filter(\.value.external).map { $0.value.name ?? $0.key }
        return canonical(networks) + canonical(volumes) + "\(external.sorted())"
    }

    /// A description in which dictionaries and sets are sorted.
    private func canonical(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        let children = mirror.children.map { "\($0.label ?? ""):\(canonical($0.value))" }
        switch mirror.displayStyle {
        case .dictionary, .set: return "[\(children.sorted().joined(separator: ","))]"
        case nil: return "\(value)"
        case .enum where children.isEmpty: return "\(value)"
        default: return "(\(children.joined(separator: ",")))"
        }
    }

    private func load(_ fragment: String) throws -> Project {
        var options = LoadOptions()
        options.projectName = "demo"
        options.environment = ["VARIABLE": "value"]
        options.files = ["compose.yaml", "fragment.yaml"]
        let contents = [
            "/work/compose.yaml": Self.base, "/work/fragment.yaml": fragment,
            "/work/a.env": "FROM_FILE=1\n", "/work/other.yaml": "services: {o: {image: o}}",
        ]
        let files = FileAccess(
            currentDirectory: "/work",
            home: "/root",
            read: { (path) throws(FileAccess.Failure) in
                guard let text = contents[path] else {
                    throw FileAccess.Failure("no such file")
                }
                return Array(text.utf8)
            },
            kind: { contents[$0] == nil ? nil : .file },
            realPath: { $0 }
        )
        var warnings: [ComposeWarning] = []
        return try Project(loading: options, files: files, warnings: &warnings)
    }

    private static let base = """
        services:
          web:
            image: web
            build: {context: .}
            networks: {net: }
            volumes: ['data:/data']
            secrets: [sec]
            configs: [conf]
            healthcheck: {test: [CMD, probe]}
            ulimits: {nofile: {soft: 4, hard: 1000}}
            depends_on: {db: {condition: service_started}}
          db: {image: db}
        networks: {net: }
        volumes: {data: }
        secrets: {sec: {file: ./sec}}
        configs: {conf: {file: ./conf}}
        """
}

extension Project {
    /// The values of a service that planning reads besides its container.
    fileprivate func replicasAndDependencies(of service: Service) -> String {
        let dependencies = service.dependsOn.sorted { $0.key < $1.key }
            .map { "\(DesiredDependency($0.key, $0.value))" }
        return "\(service.replicas) \(dependencies) \(service.volumesFrom)"
    }
}
