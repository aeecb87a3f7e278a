import ComposeFile
import ContainerRuntime
import OCI

/// The mounts of a container, and the volumes, directories and files that they require.
struct MountDesign: Equatable {
    /// A volume that, if empty, is filled with the image's content at `target`.
    struct Fill: Equatable {
        var volume: String
        var target: String
    }

    /// A config or secret written to a file of the container.
    struct InlineFile: Equatable {
        enum Content: Equatable {
            case text(String)
            /// The current content of a file of the host.
            case copy(String)
        }

        var name: String
        var content: Content
        var owner: String?
        var group: String?
        var mode: UInt16
    }

    var mounts: [RuntimeSpecification.Mount] = []
    var volumes: [VolumeUse] = []
    /// Anonymous volumes to create, with their labels.
    var newVolumes: [String: [String: String]] = [:]
    /// Volumes that the Compose file does not declare; created if missing, without a project.
    var undeclaredVolumes: [String] = []
    var fills: [Fill] = []
    /// Sources of bind mounts, created as directories if missing.
    var hostDirectories: [String] = []
    /// Sources of bind mounts that must exist.
    var neededSources: [String] = []
    var files: [InlineFile] = []
}

/// The inputs of a `MountDesign` besides the service.
struct MountContext {
    /// The directory of a named volume's content.
    var volumeContent: (String) -> String
    /// Driver options of a volume, by full name.
    var volumeOptions: (String) throws -> [String: String]
    /// The directory for the files of configs and secrets.
    var fileDirectory: String
    /// Anonymous volumes of the replaced container, by target.
    var inheritedVolumes: [String: String]
    /// The mounts of another container; nil if there is no such container.
    var mountsOfContainer: (String) throws -> [RuntimeSpecification.Mount]?
    /// Snapshot directories of an image, topmost first; nil if there is no such image.
    var layersOfImage: (String) throws -> [String]?
    var makeVolumeName: () -> String
    /// The socket of the Engine API on the host, for `use_api_socket`.
    var apiSocket = "/run/swiftcompose/docker.sock"
}

extension ContainerDesign {
    /// Computes the mounts of the service, parents before their children.
    func mountDesign(_ context: MountContext) throws -> MountDesign {
        var design = MountDesign()
        for source in service.volumesFrom { try add(volumesFrom: source, context, to: &design) }
        for volume in service.volumes { try add(volume, context, to: &design) }
        if service.usesAPISocket { try addAPISocket(context, to: &design) }
        for tmpfs in service.tmpfs { design.put(Self.mount(tmpfs: tmpfs)) }
        try addFiles(context, to: &design)
        let taken = Set(design.mounts.map(\.destination))
        for target in config.volumes where !taken.contains(target) {
            addAnonymous(at: target, labels: [:], copies: true, options: [], context, to: &design)
        }
        design.mounts.sort { left, right in
            (left.depth, left.destination) < (right.depth, right.destination)
        }
        return design
    }

    /// Mounts the socket where docker's clients look for it; it must exist.
    private func addAPISocket(_ context: MountContext, to design: inout MountDesign) throws {
        let target = "/var/run/docker.sock"
        var volume = ServiceVolume(.bind, source: context.apiSocket, target: target)
        volume.bind = ServiceVolume.BindOptions()
        volume.bind?.createHostPath = false
        try add(volume, context, to: &design)
    }

    private func add(
        volumesFrom text: String,
        _ context: MountContext,
        to design: inout MountDesign
    ) throws {
        var parts = text.split(separator: ":").map(String.init)
        let isReadOnly = parts.last == "ro"
        if parts.count > 1, ["ro", "rw"].contains(parts.last) { parts.removeLast() }
        let container =
            parts.first == "container" && parts.count > 1
            ? parts[1] : project.containerName(of: parts[0])
        guard let mounts = try context.mountsOfContainer(container) else {
            throw OrchestratorError.noSuchContainer(
                container,
                neededBy: "services.\(service.name).volumes_from"
            )
        }
        for var mount in mounts {
            if isReadOnly { mount.options = (mount.options ?? []) + ["ro"] }
            design.put(mount)
        }
    }

    private func add(
        _ volume: ServiceVolume,
        _ context: MountContext,
        to design: inout MountDesign
    ) throws {
        switch volume.kind {
        case .bind: add(bind: volume, to: &design)
        case .volume: try add(volume: volume, context, to: &design)
        case .tmpfs: design.put(Self.mount(tmpfs: volume))
        case .image: try add(image: volume, context, to: &design)
        case .npipe, .cluster:
            throw OrchestratorError.unsupported(
                service.place(of: "volumes"),
                reason: "volumes of type '\(volume.kind.rawValue)' are not available on Linux"
            )
        }
    }

    private func add(bind volume: ServiceVolume, to design: inout MountDesign) {
        let source = volume.source ?? "/"
        if volume.createsHostPath {
            design.hostDirectories.append(source)
        } else {
            design.neededSources.append(source)
        }
        let recursion = volume.bind?.recursive ?? .enabled
        var options = [recursion == .disabled ? "bind" : "rbind"]
        options.append(volume.bind?.propagation ?? "rprivate")
        if volume.readOnly {
            options.append(recursion == .enabled || recursion == .readonly ? "rro" : "ro")
        }
        design.put(
            RuntimeSpecification.Mount(
                destination: volume.target,
                type: "bind",
                source: source,
                options: options
            )
        )
    }

    private func add(
        volume: ServiceVolume,
        _ context: MountContext,
        to design: inout MountDesign
    ) throws {
        let options = volume.readOnly ? ["ro"] : []
        let subpath = volume.volume?.subpath ?? ""
        let copies = !(volume.volume?.noCopy ?? false) && subpath.isEmpty
        guard let key = volume.source else {
            addAnonymous(
                at: volume.target,
                labels: volume.volume?.labels ?? [:],
                copies: copies,
                options: options,
                context,
                to: &design
            )
            return
        }
        let name = project.volumes[key]?.name ?? key
        if project.volumes[key] == nil { design.undeclaredVolumes.append(name) }
        design.volumes.append(VolumeUse(name: name, target: volume.target, isAnonymous: false))
        let driverOptions = try context.volumeOptions(name)
        if let device = driverOptions["device"] {
            design.put(Self.mount(device, driverOptions, at: volume.target, options))
            return
        }
        if copies { design.fills.append(MountDesign.Fill(volume: name, target: volume.target)) }
        let content = context.volumeContent(name)
        design.put(Self.bind(content, at: volume.target, options + Self.part(subpath)))
    }

    private func addAnonymous(
        at target: String,
        labels: [String: String],
        copies: Bool,
        options: [String],
        _ context: MountContext,
        to design: inout MountDesign
    ) {
        let inherited = context.inheritedVolumes[target]
        let name = inherited ?? context.makeVolumeName()
        if inherited == nil { design.newVolumes[name] = labels }
        if copies { design.fills.append(MountDesign.Fill(volume: name, target: target)) }
        design.volumes.append(VolumeUse(name: name, target: target, isAnonymous: true))
        design.put(Self.bind(context.volumeContent(name), at: target, options))
    }

    private func add(
        image volume: ServiceVolume,
        _ context: MountContext,
        to design: inout MountDesign
    ) throws {
        let image = volume.source ?? ""
        guard let layers = try context.layersOfImage(image) else {
            throw OrchestratorError.imageMissing(image, service.place(of: "volumes"))
        }
        let part = Self.part(volume.image?.subpath ?? "")
        guard layers.count > 1 else {
            design.put(Self.bind(layers.first ?? "/", at: volume.target, ["ro"] + part))
            return
        }
        design.put(
            RuntimeSpecification.Mount(
                destination: volume.target,
                type: "overlay",
                source: "overlay",
                options: ["ro", "lowerdir=\(layers.joined(separator: ":"))"] + part
            )
        )
    }
}

extension ContainerDesign {
    /// The option that mounts a subdirectory of a source, without following links out of it.
    private static func part(_ subpath: String) -> [String] {
        subpath.isEmpty ? [] : [RuntimeExtensions.subpathOption(subpath)]
    }
}

extension MountDesign {
    /// Adds a mount, replacing an earlier one at the same destination.
    mutating func put(_ mount: RuntimeSpecification.Mount) {
        mounts.removeAll { $0.destination == mount.destination }
        mounts.append(mount)
    }
}

extension RuntimeSpecification.Mount {
    /// The number of components of its destination.
    var depth: Int { destination.split(separator: "/").count }
}
