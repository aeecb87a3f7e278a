import Archive
import ContainerRuntime
public import ImageStore
public import Linux
public import OCI
import SystemPackage

/// Creates an image from the changes to a container's root file system.
///
/// The process must be single-threaded.
public struct ContainerCommit: Sendable {
    private let host: Host
    public var author: String?
    /// The comment in the image's history.
    public var comment: String?
    /// Whether the container is paused while its files are read.
    public var pauses: Bool

    public init(
        _ host: Host,
        author: String? = nil,
        comment: String? = nil,
        pauses: Bool = true
    ) {
        self.host = host
        self.author = author
        self.comment = comment
        self.pauses = pauses
    }

    /// Creates and tags the image; `adjust` makes the final changes to its configuration.
    public func commit(
        _ container: ExistingContainer,
        as reference: ImageReference?,
        adjust: (inout ImageConfiguration.Config) throws -> Void
    ) throws -> Image {
        let record = container.record
        let files = host.paths.project(record.project).container(record.id)
        let bundle = try Bundle(reading: files.directory)
        let hold = try host.images.hold()
        guard let base = try host.images.image(id: record.imageID) else {
            throw OrchestratorError.imageGone(record.image, container: record.name)
        }
        var configuration = base.configuration
        configuration.created = .now
        configuration.author = author ?? base.configuration.author
        configuration.config.describe(record, bundle.specification)
        try adjust(&configuration.config)
        let layer: Layer? = try whileFrozen(container, bundle) {
            try self.layer(of: files, bundle.specification, record, over: base.chain.last)
        }
        configuration.history.append(
            History(
                created: configuration.created,
                createdBy: (bundle.specification.process?.args ?? []).joined(separator: " "),
                author: author,
                comment: comment,
                emptyLayer: layer == nil
            )
        )
        let image = try host.images.makeImage(
            configuration: configuration,
            layers: base.layers + (layer.map { [$0] } ?? [])
        )
        if let reference { try host.images.tag(image, as: reference) }
        _ = consume hold
        return image
    }

    /// The layer of the container's changes; nil without any.
    private func layer(
        of files: ContainerPaths,
        _ specification: RuntimeSpecification,
        _ record: ContainerRecord,
        over parent: ChainID?
    ) throws -> Layer? {
        let stubs = try MountStub.paths(specification, upper: files.upper, record)
        let options = TreeOptions(kind: .overlayUpper, excluding: stubs)
        let entries = try FileSystem.entries(of: files.upper).map { FilePath($0) }
        if entries.allSatisfy(stubs.contains) { return nil }
        var outcome: Result<Layer, ImageStoreError>?
        let (store, upper) = (host.images, files.upper)
        try ArchivePipe.run(
            write: { (writer) throws(CopyError) in
                try CopyError.during(archive: writer.addTree(upper, options: options))
            },
            read: { (archive) throws(CopyError) in
                outcome = Result { () throws(ImageStoreError) in
                    try store.makeLayer(from: archive, over: parent)
                }
            }
        )
        return try outcome?.get()
    }

    /// Runs `body` while the container is frozen, if it has a control group; signals to this process
    /// are deferred until it is thawed.
    private func whileFrozen<Value>(
        _ container: ExistingContainer,
        _ bundle: Bundle,
        _ body: () throws -> Value
    ) throws -> Value {
        guard pauses, container.state.status == .running else { return try body() }
        let hierarchy = try CgroupHierarchy.discover()
        guard hierarchy.isAvailable else { return try body() }
        let cgroup = Cgroup(bundle.specification, container.id, hierarchy)
        let signals = try SignalReader([.interrupt, .terminate, .hangUp])
        try cgroup.freeze()
        let result = Result { try body() }
        try cgroup.thaw()
        if let signal = signals.next() { throw Interruption(signal: signal) }
        return try result.get()
    }
}

/// A signal that arrived while the container was frozen.
public struct Interruption: Error, Sendable, Equatable {
    public var signal: Signal
}

extension Interruption: CustomStringConvertible {
    public var description: String {
        "interrupted by signal \(signal.rawValue); no image was created"
    }
}

extension ImageConfiguration.Config {
    /// Copies the container's settings that differ from its image's.
    fileprivate mutating func describe(
        _ record: ContainerRecord,
        _ specification: RuntimeSpecification
    ) {
        let process = specification.process
        let arguments = process?.args ?? []
        if let entrypoint, !entrypoint.isEmpty, arguments.starts(with: entrypoint) {
            cmd = Array(arguments.dropFirst(entrypoint.count))
        } else {
            (entrypoint, cmd) = (nil, arguments)
        }
        env = (process?.env ?? []).filter { !$0.hasPrefix("HOSTNAME=") }
        if let directory = process?.cwd { workingDir = directory }
        if let user = specification.extensions.user { self.user = user }
        exposedPorts = Set(exposedPorts + record.exposedPorts).sorted()
        labels.merge(record.labels.filter { !$0.key.hasPrefix("com.docker.compose.") }) { $1 }
    }
}
