public import ComposeFile
public import ImageBuilder
public import ImageStore
public import OCI

/// Finds, pulls or builds the image of each service.
public struct ImageSupply: Sendable {
    /// When images are built.
    public enum Building: Sendable, Equatable {
        case whenMissing
        case always
        case never
    }

    /// When registries are asked.
    public enum Pulling: Sendable, Equatable {
        /// Each service's own `pull_policy`.
        case asTheFileSays
        case always
        case whenMissing
        case never
    }

    /// Fetches an image into the store; nil when no registry has it.
    public typealias Pull = @Sendable (ImageReference, Platform) async throws -> Image?

    private let machine: Machine
    private let project: Project
    private let builder: ImageBuilder
    private let pull: Pull
    public var building = Building.whenMissing
    public var pulling = Pulling.asTheFileSays

    public init(
        _ machine: Machine,
        _ project: Project,
        builder: ImageBuilder,
        pull: @escaping Pull
    ) {
        self.machine = machine
        self.project = project
        self.builder = builder
        self.pull = pull
    }
}

extension ImageSupply {
    /// The images of `services`, all builds in one go.
    public func supply(
        _ services: [String],
        progress: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> [String: ServiceImage] {
        var images: [String: ServiceImage] = [:]
        var toBuild: [Service] = []
        for service in services.compactMap({ project.services[$0] }) where service.provider == nil {
            if let image = try await existing(service) {
                images[service.name] = image
            } else {
                toBuild.append(service)
            }
        }
        for (service, image) in zip(toBuild, try await build(toBuild, progress)) {
            images[service.name] = ServiceImage(name: project.imageName(of: service), image: image)
        }
        return images
    }

    /// Builds the images of services that have a `build` section.
    public func build(
        _ services: [Service],
        _ progress: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> [Image] {
        guard !services.isEmpty else { return [] }
        let requests = try services.map { service in
            try BuildRequest(service, of: project, reference: try reference(of: service))
        }
        return try await builder.build(requests, progress: progress)
    }

    private func reference(of service: Service) throws -> ImageReference {
        try ImageReference(project.imageName(of: service))
    }

    /// The service's image without building; nil when it is to be built.
    private func existing(_ service: Service) async throws -> ServiceImage? {
        let isBuildable = service.build != nil
        let policy = service.pullPolicy
        if isBuildable, building == .always || policy == .build { return nil }
        let reference = try reference(of: service)
        let local = try machine.images.image(reference)
        if let image = try await pulled(service, reference, local) ?? local {
            return ServiceImage(name: project.imageName(of: service), image: image)
        }
        guard isBuildable, building != .never else {
            throw OrchestratorError.imageMissing(
                project.imageName(of: service),
                service.place(of: "image")
            )
        }
        return nil
    }

    private func pulled(
        _ service: Service,
        _ reference: ImageReference,
        _ local: Image?
    ) async throws -> Image? {
        guard service.image != nil, wantsPull(service, isPresent: local != nil) else { return nil }
        let platform = try service.platform.map { try Platform($0) } ?? .host
        do {
            return try await pull(reference, platform)
        } catch {
            // What cannot be fetched can still be built.
            if service.build != nil, building != .never { return nil }
            throw OrchestratorError.imageMissing(
                project.imageName(of: service),
                service.place(of: "image"),
                reason: "\(error)"
            )
        }
    }

    private func wantsPull(_ service: Service, isPresent: Bool) -> Bool {
        switch pulling {
        case .always: return true
        case .never: return false
        case .whenMissing: return !isPresent
        case .asTheFileSays: break
        }
        return switch service.pullPolicy {
        case .always: true
        case .never, .build: false
        case .missing, .ifNotPresent, .refresh, .daily, .weekly, .every, nil: !isPresent
        }
    }
}

extension Project {
    /// The name of a service's image: the file's, or `PROJECT-SERVICE`.
    public func imageName(of service: Service) -> String {
        service.image ?? "\(name)-\(service.name)"
    }
}
