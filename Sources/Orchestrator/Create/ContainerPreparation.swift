import ComposeFile
import ContainerRuntime
import ImageStore
import Linux
import OCI
import SystemPackage

/// Creates the containers of a plan on disk: their directories, volumes and files.
struct ContainerPreparation: Sendable {
    let host: Host
    let desired: DesiredState
    /// The project's containers, some of which are replaced.
    let existing: [ExistingContainer]
    /// Replacements take over anonymous volumes.
    let inheritsVolumes: Bool
    /// The user whom new bind sources belong to; nil for this process's.
    let caller: FileOwner?
    /// The unpacked layers of each image, topmost first.
    private let layers: [Digest: [String]]
    private let progress: ProgressSink
    /// Keeps the layers from being collected until the containers' records refer to them.
    private let hold: Shared<ImageStore.Hold>

    /// Unpacks the layers of the images that are not unpacked yet.
    init(
        _ host: Host,
        _ desired: DesiredState,
        existing: [ExistingContainer],
        inheritsVolumes: Bool,
        caller: FileOwner? = nil,
        progress: @escaping ProgressSink
    ) throws {
        self.host = host
        self.progress = progress
        self.desired = desired
        self.existing = existing
        self.inheritsVolumes = inheritsVolumes
        self.caller = caller
        hold = Shared(try host.images.hold())
        let images = Dictionary(desired.images.values.map { ($0.image.id, $0) }) { $1 }
        layers = try images.mapValues { image in
            let meter = ProgressMeter(
                "Image \(image.name)",
                "Extracting",
                "Extracted",
                total: host.images.packedSize(of: image.image),
                progress: progress
            )
            let layers = try host.images.lowerDirectories(of: image.image) {
                meter.advance(by: $0)
            }
            meter.finish()
            return layers.map(\.string)
        }
    }

    /// Creates one container, its record last, so that an interruption leaves only garbage.
    ///
    /// Nothing is flushed to disk; see `CreationFlush`.
    func create(_ new: Plan.NewContainer, because cause: Plan.Cause) throws {
        let design = try design(new)
        let files = host.paths.project(design.project.name).container(design.id)
        let mounts = try design.mountDesign(context(for: new, files))
        let createdSources = try prepare(mounts, of: design, in: files)
        try Bundle(
            directory: files.directory,
            specification: try design.specification(mounts, files)
        ).write()
        try writeOrigin(of: design, because: cause, in: files)
        var record = try design.record(created: .now, mounts: mounts)
        record.createdSources = createdSources.isEmpty ? nil : createdSources
        record.lenders = try lenders(of: design.service)
        record.formerEndpoints = replaced(by: new)?.lastEndpoints
        try host.containers.register(record)
    }

    /// Writes what `why` and later plans compare and explain.
    private func writeOrigin(
        of design: ContainerDesign,
        because cause: Plan.Cause,
        in files: ContainerPaths
    ) throws {
        var origin = ContainerOrigin(cause: cause.description, changes: [])
        if case .attributesChanged(let changes) = cause {
            origin.cause = Plan.Cause.configurationChanged.description
            origin.changes = changes
        }
        try JSONFile.write(origin, to: files.origin, flushing: false)
        let model = Array(design.project.model(of: design.service).compactJSON.utf8)
        try AtomicFile.write(model, to: files.model, mode: 0o600, flushing: false)
    }

    private func design(_ new: Plan.NewContainer) throws -> ContainerDesign {
        guard var service = desired.project.services[new.service],
            var image = desired.images[new.service]
        else {
            preconditionFailure("the plan creates a container of unknown service \(new.service)")
        }
        if let step = new.initStep {
            let key = service.initImageKey(step.index)
            service = service.initContainer(step.index, sharingMountsOf: step.container.id)
            if let own = desired.images[key] { image = own }
        }
        return ContainerDesign(
            project: desired.project,
            service: service,
            configuration: image.image.configuration,
            imageID: image.image.id,
            imageName: image.name,
            id: new.container.id,
            name: new.container.name,
            number: new.number,
            configHash: desired.project.configHash(of: service),
            lowerDirectories: layers[image.image.id] ?? [],
            oneOff: new.isOneOff ? desired.oneOff : nil,
            initStep: new.initStep.map { InitStep(index: $0.index, replica: new.number) },
            requested: desired.requested
        )
    }

    private func context(for new: Plan.NewContainer, _ files: ContainerPaths) -> MountContext {
        let old = inheritsVolumes ? replaced(by: new) : nil
        let inherited = old?.record.volumes.filter(\.isAnonymous) ?? []
        return MountContext(
            volumeContent: { host.volumes.content(of: $0).string },
            volumeOptions: { try host.volumes.volume($0)?.options ?? [:] },
            fileDirectory: files.files.string,
            inheritedVolumes: Dictionary(inherited.map { ($0.target, $0.name) }) { $1 },
            mountsOfContainer: { try mounts(ofContainer: $0) },
            layersOfImage: { name in
                try host.images.image(try ImageReference(name)).map { image in
                    try host.images.lowerDirectories(of: image).map(\.string)
                }
            },
            makeVolumeName: Identifier.make,
            apiSocket: host.paths.apiSocket.string
        )
    }

    private func replaced(by new: Plan.NewContainer) -> ExistingContainer? {
        existing.first { $0.id == new.replaces }
    }

    /// The current container of each service that lends to `service`, by the lender's name.
    private func lenders(of service: Service) throws -> [String: String] {
        let services = service.lenders
        guard !services.isEmpty else { return [:] }
        let containers = try host.containers.readableContainers(of: desired.project.name)
            .containers
        return services.reduce(into: [:]) { lenders, lender in
            let name = desired.project.containerName(of: lender)
            // A container that is about to be replaced has the same name.
            lenders[lender] =
                containers.filter { $0.record.name == name }
                .max { $0.record.created < $1.record.created }?.id
        }
    }

    /// The mounts of the container with this name or id prefix, without its configs and secrets.
    ///
    /// This project takes precedence over others, and a newer container over an older one.
    private func mounts(ofContainer name: String) throws -> [RuntimeSpecification.Mount]? {
        let own = desired.project.name
        for project in [own] + (try host.containers.projects().filter { $0 != own }) {
            // The project may be removed concurrently.
            let containers = (try? host.containers.containers(of: project)) ?? []
            let found = containers.filter { $0.record.name == name || $0.id.hasPrefix(name) }
                .max { $0.record.created < $1.record.created }
            guard let found else { continue }
            let files = host.paths.project(project).container(found.id).files.string + "/"
            return found.record.mounts.filter { $0.source?.hasPrefix(files) != true }
        }
        return nil
    }
}

extension ContainerPreparation {
    /// Creates the volumes, directories and files that the container needs to start; returns the
    /// directories of the host that did not exist.
    private func prepare(
        _ mounts: MountDesign,
        of design: ContainerDesign,
        in files: ContainerPaths
    ) throws -> [String] {
        for source in mounts.neededSources where !FileSystem.exists(FilePath(source)) {
            throw OrchestratorError.invalidValue(
                design.service.place(of: "volumes"),
                value: source,
                wanted: "an existing file or directory on this host; create it, "
                    + "or set 'bind: {create_host_path: true}'"
            )
        }
        for directory in [files.upper, files.work, files.rootfs] {
            try FileSystem.makeDirectories(directory, mode: 0o755)
        }
        for file in [files.hosts, files.hostname, files.resolvConf] {
            _ = try Descriptor.open(file, [.writing, .creating], mode: 0o644)
        }
        let missing = mounts.hostDirectories.filter { !FileSystem.exists(FilePath($0)) }
        for source in missing {
            if let caller {
                try caller.makeDirectories(FilePath(source))
            } else {
                try FileSystem.makeDirectories(FilePath(source), mode: 0o755)
            }
        }
        for (name, labels) in mounts.newVolumes {
            var labels = labels
            if design.requested == nil { labels[ComposeLabel.project] = design.project.name }
            try host.create(VolumeRecord(name: name, labels: labels))
        }
        for name in mounts.undeclaredVolumes {
            try host.create(VolumeRecord(name: name))
        }
        for fill in mounts.fills { try self.fill(fill, design) }
        for file in mounts.files { try write(file, design, in: files) }
        return missing
    }

    private func fill(_ fill: MountDesign.Fill, _ design: ContainerDesign) throws {
        let image = ImageContent(lowerDirectories: design.lowerDirectories.map { FilePath($0) })
        let meter = ProgressMeter(
            "Volume \(fill.volume)",
            "Populating",
            "Populated",
            progress: progress
        )
        try host.volumes.fill(fill.volume) { directory in
            try image.copy(fill.target, into: directory) { meter.advance(by: $0) }
        }
        meter.finish()
    }

    private func write(
        _ file: MountDesign.InlineFile,
        _ design: ContainerDesign,
        in files: ContainerPaths
    ) throws {
        let path = files.files.appending(file.name)
        try FileSystem.makeDirectories(files.files, mode: 0o700)
        try Descriptor.open(path, [.writing, .creating, .truncating], mode: 0o600)
            .write(try content(of: file, design))
        try FileSystem.setOwner(
            of: path,
            user: try id(file.owner, "uid", design),
            group: try id(file.group, "gid", design)
        )
        try FileSystem.setMode(of: path, to: file.mode)
    }

    private func content(
        of file: MountDesign.InlineFile,
        _ design: ContainerDesign
    ) throws -> [UInt8] {
        switch file.content {
        case .text(let text): return Array(text.utf8)
        case .copy(let source):
            guard try FileSystem.status(of: FilePath(source)).kind == .regular else {
                throw OrchestratorError.unsupported(
                    design.service.place(of: String(file.name.prefix { $0 != "-" })),
                    reason: "'\(source)' is not a regular file, so 'uid', 'gid' and 'mode' cannot "
                        + "be applied to it"
                )
            }
            return try FileSystem.read(FilePath(source))
        }
    }

    private func id(_ text: String?, _ field: String, _ design: ContainerDesign) throws -> UInt32 {
        guard let text else { return 0 }
        guard let id = UInt32(text) else {
            throw OrchestratorError.invalidValue(
                design.service.place(of: field),
                value: text,
                wanted: "a number"
            )
        }
        return id
    }
}

extension ExistingContainer {
    /// The endpoints of its present or last run; nil if it was never connected.
    fileprivate var lastEndpoints: [ContainerState.EndpointState]? {
        state.endpoints.isEmpty
            ? state.formerEndpoints ?? record.formerEndpoints : state.endpoints
    }
}
