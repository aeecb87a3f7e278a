public import ComposeFile

/// Brings a project up, images first and containers second, for `up`, `create` and `run`.
public struct BringUp: Sendable {
    public let session: ProjectSession
    public let project: Project
    let images: ImageSource
    let building: ImageSupply.Building
    /// Prints warnings about the project.
    let warn: @Sendable ([ComposeWarning]) -> Void

    public init(
        _ session: ProjectSession,
        _ project: Project,
        images: @escaping ImageSource,
        building: ImageSupply.Building,
        warn: @escaping @Sendable ([ComposeWarning]) -> Void
    ) {
        self.session = session
        self.project = project
        self.images = images
        self.building = building
        self.warn = warn
    }

    /// Returns when the project is in the state that the options ask for.
    public func run(_ options: ProjectChange.UpOptions) async throws {
        try warnOfOrphans(options)
        let images = try await supplyImages(isRolling: options.planning.rolls)
        try await session.change("Running") { change in
            try await change.up(project, images: images, options: options)
        }
    }

    /// The changes that `run` would make with the same options.
    public func changes(_ options: ProjectChange.UpOptions) async throws -> [PlannedChange] {
        let images = try await supplyImages()
        let plan = try await session.change("Comparing", isQuiet: true) { change in
            try await change.plan(project, images: images, options: options)
        }
        return PlannedChange.all(in: plan)
    }

    /// Creates the container of `run` once its dependencies are ready; nil in a dry run.
    public func prepare(
        _ oneOff: OneOff,
        removesOrphans: Bool,
        ignoresOrphans: Bool
    ) async throws -> PreparedRun? {
        var options = ProjectChange.UpOptions()
        options.planning.removesOrphans = removesOrphans
        options.ignoresOrphans = ignoresOrphans
        try warnOfOrphans(options)
        let images = try await supplyImages()
        return try await session.change("Running") { change in
            try await change.prepare(
                oneOff,
                of: project,
                images: images,
                removesOrphans: removesOrphans
            )
        }
    }

    /// Warns of containers of services that the Compose file no longer has, unless they are removed.
    func warnOfOrphans(_ options: ProjectChange.UpOptions) throws {
        guard !options.planning.removesOrphans, !options.ignoresOrphans else { return }
        let declared = Set(project.services.keys).union(project.inactiveServices.keys)
        let containers = try ContainerStore(session.paths).containers(of: project.name)
        let orphans = Snapshot(containers: containers).orphans(of: declared)
        guard !orphans.isEmpty else { return }
        let names = orphans.map(\.record.name).joined(separator: " ")
        warn([
            ComposeWarning(
                "Found orphan containers ([\(names)]) for this project. If you removed or "
                    + "renamed this service in your compose file, you can run this command with "
                    + "the --remove-orphans flag to clean it up."
            )
        ])
    }

    /// The warning about database ports, until a container publishes them.
    private func exposureWarnings() throws -> [ComposeWarning] {
        let containers = try ContainerStore(session.paths).containers(of: project.name)
        let publishing = containers.filter { container in
            container.record.ports.contains { ["", "0.0.0.0", "::"].contains($0.hostAddress) }
        }
        return [project.exposureWarning(except: Set(publishing.map(\.record.service)))]
            .compactMap(\.self)
    }

    /// Supplies each service's image, once the rest of the project has been validated.
    func supplyImages(isRolling: Bool = false) async throws -> [String: ServiceImage] {
        warn(try project.validate(isRolling: isRolling) + exposureWarnings())
        guard let timings = session.timings else {
            return try await images(project, project.serviceNames, building)
        }
        return try await timings.measuring("Images", "find, pull or build") {
            try await images(project, project.serviceNames, building)
        }
    }
}
