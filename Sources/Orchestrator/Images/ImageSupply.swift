public import ComposeFile
public import ImageBuilder
public import ImageStore
import OCI

/// Finds, pulls or builds the image of each service.
public struct ImageSupply: Sendable {
    /// When to build images.
    public enum Building: Sendable, Equatable {
        case whenMissing
        /// Also if the image is not the one that its build would make now.
        case whenStale
        case always
        case never
    }

    /// When to pull images.
    public enum Pulling: Sendable, Equatable {
        /// Each service's own `pull_policy`.
        case perService
        case always
        case whenMissing
        case never
    }

    /// Fetches images into the store concurrently.
    ///
    /// Throws `ImageOrderFailure` and cancels the other transfers if a needed image cannot be
    /// fetched; other images that cannot be fetched are left out.
    public typealias Pull = @Sendable ([ImageOrder]) async throws -> [ImageOrder: Image]

    private let host: Host
    let project: Project
    let builder: ImageBuilder
    private let pull: Pull
    public var building = Building.whenMissing
    public var pulling = Pulling.perService
    /// Whether images that are not the ones that their builds would make now are reported.
    public var reportsStale = false
    /// Receives the progress of a dry run, which neither pulls nor builds; nil for a real one.
    public var rehearsal: ProgressSink?

    public init(
        _ host: Host,
        _ project: Project,
        builder: ImageBuilder,
        pull: @escaping Pull
    ) {
        self.host = host
        self.project = project
        self.builder = builder
        self.pull = pull
    }
}

extension ImageSupply {
    /// The images of `services`: first all pulls concurrently, then all builds as one graph.
    public func supply(
        _ services: [String],
        progress: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> [String: ServiceImage] {
        var wanted = services.compactMap { project.services[$0] }.filter { $0.provider == nil }
        let builds = Dictionary(
            wanted.filter { $0.build != nil }.map { (project.imageName(of: $0), $0.name) }
        ) { $1 }
        // The image of an init container may be one that a service builds.
        let inits = wanted.flatMap(\.initImages)
        wanted += inits.filter { builds[project.imageName(of: $0)] == nil }
        if let rehearsal {
            var images = try rehearse(wanted, rehearsal)
            for service in inits {
                guard let builder = builds[project.imageName(of: service)] else { continue }
                images[service.name] = images[builder]
            }
            return images
        }
        var images = try await findOrPull(wanted.filter { !mustBuild($0) })
        if building == .whenStale || reportsStale,
            building == .whenMissing || building == .whenStale
        {
            for (service, reason) in try await stale(wanted, images, progress) {
                let name = project.imageName(of: service)
                if building == .whenStale {
                    images[service.name] = nil
                    progress(.notice("image \(name) is built again: \(reason)"))
                } else {
                    let remedy = "build it again with --build or --build=auto"
                    progress(.notice("WARN: image \(name) is out of date: \(reason); \(remedy)"))
                }
            }
        }
        let toBuild = wanted.filter { images[$0.name] == nil }
        for service in toBuild where !canBuild(service) {
            throw OrchestratorError.imageMissing(
                project.imageName(of: service),
                service.place(of: "image")
            )
        }
        for (service, image) in zip(toBuild, try await build(toBuild, progress)) {
            images[service.name] = image
        }
        for service in inits {
            guard let builder = builds[project.imageName(of: service)] else { continue }
            images[service.name] = images[builder]
        }
        return Dictionary(
            (wanted + inits).compactMap { service in
                images[service.name].map { image in
                    (service.name, ServiceImage(name: project.imageName(of: service), image: image))
                }
            }
        ) { $1 }
    }

    /// Reports the images that would be pulled or built; a missing one is stood in for.
    private func rehearse(
        _ services: [Service],
        _ progress: ProgressSink
    ) throws -> [String: ServiceImage] {
        var images: [String: ServiceImage] = [:]
        for service in services {
            let (name, reference) = (project.imageName(of: service), try reference(of: service))
            let present = try host.images.image(reference)
            let isPulled = service.image != nil && wantsPull(service, isPresent: present != nil)
            if mustBuild(service) || (present == nil && !isPulled && canBuild(service)) {
                ProgressEvent.rehearse("Image \(name)", "Building", "Built", to: progress)
            } else if isPulled {
                ProgressEvent.rehearse("Image \(name)", "Pulling", "Pulled", to: progress)
            } else if present == nil {
                throw OrchestratorError.imageMissing(name, service.place(of: "image"))
            }
            let image = present ?? .placeholder(for: reference)
            images[service.name] = ServiceImage(name: name, image: image)
        }
        return images
    }

    /// Builds the images of services that have a `build` section, and those that their builds use
    /// as additional contexts; returns the former.
    public func build(
        _ services: [Service],
        _ progress: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> [Image] {
        guard !services.isEmpty else { return [] }
        let names = services.map(\.name)
        let contexts = project.buildClosure(of: names).subtracting(names).sorted()
            .compactMap(project.declaredService).filter { $0.build != nil }
        let requests = try (services + contexts).map { service in
            let reference = try reference(of: service)
            let request = try BuildRequest(service, of: project, reference: reference)
            try request.checkRecipe(of: service)
            return request
        }
        let images = try await builder.build(requests, progress: progress)
        return Array(images.prefix(services.count))
    }

    func reference(of service: Service) throws -> ImageReference {
        do {
            return try ImageReference(project.imageName(of: service))
        } catch {
            throw OrchestratorError.unsupported(service.place(of: "image"), reason: "\(error)")
        }
    }

    private func mustBuild(_ service: Service) -> Bool {
        service.build != nil && (building == .always || service.pullPolicy == .build)
    }

    private func canBuild(_ service: Service) -> Bool {
        service.build != nil && building != .never
    }

    /// The images that exist locally or could be fetched, by service.
    private func findOrPull(_ services: [Service]) async throws -> [String: Image] {
        var images: [String: Image] = [:]
        var orders: [String: ImageOrder] = [:]
        for service in services {
            let reference = try reference(of: service)
            images[service.name] = try host.images.image(reference)
            try dropMismatch(of: service, in: &images)
            guard service.image != nil,
                wantsPull(service, isPresent: images[service.name] != nil)
            else { continue }
            orders[service.name] = ImageOrder(
                reference: reference,
                platform: try service.platform.map { try Platform($0) } ?? .host,
                isNeeded: !canBuild(service)
            )
        }
        for (service, image) in try await fetch(orders, services) { images[service] = image }
        return images
    }

    /// Drops an image for another platform than the service's; throws if it cannot be replaced.
    private func dropMismatch(of service: Service, in images: inout [String: Image]) throws {
        guard let text = service.platform, let image = images[service.name] else { return }
        let configuration = image.configuration
        let (actual, wanted) = (configuration.platform, try Platform(text))
        guard actual.os != wanted.os || actual.architecture != wanted.architecture else { return }
        guard canBuild(service) || wantsPull(service, isPresent: false) else {
            throw OrchestratorError.unsupported(
                service.place(of: "platform"),
                reason:
                    "the platform (\(actual)) of image '\(project.imageName(of: service))' does "
                    + "not match the specified platform (\(wanted)), and it may not be pulled"
            )
        }
        images[service.name] = nil
    }

    /// Fetches the images, equal orders only once.
    private func fetch(
        _ orders: [String: ImageOrder],
        _ services: [Service]
    ) async throws -> [String: Image] {
        guard !orders.isEmpty else { return [:] }
        let needed = Set(orders.values.filter(\.isNeeded).map(\.reference))
        let orders = orders.mapValues { order in
            var order = order
            order.isNeeded = needed.contains(order.reference)
            return order
        }
        let distinct = Set(orders.values).sorted {
            ($0.reference.description, $0.platform.description)
                < ($1.reference.description, $1.platform.description)
        }
        do {
            let images = try await pull(distinct)
            return orders.compactMapValues { images[$0] }
        } catch let failure as ImageOrderFailure {
            let isAffected = { (service: Service) in
                orders[service.name] == failure.order && !canBuild(service)
            }
            guard let service = services.first(where: isAffected) else { throw failure }
            throw OrchestratorError.imageMissing(
                project.imageName(of: service),
                service.place(of: "image"),
                reason: failure.reason
            )
        }
    }

    private func wantsPull(_ service: Service, isPresent: Bool) -> Bool {
        switch pulling {
        case .always: return true
        case .never: return false
        case .whenMissing: return !isPresent
        case .perService: break
        }
        return switch service.pullPolicy {
        case .always: true
        case .never, .build: false
        case .missing, .ifNotPresent, .refresh, .daily, .weekly, .every, nil: !isPresent
        }
    }
}

extension Project {
    /// The name of a service's image: its `image`, or `PROJECT-SERVICE`.
    public func imageName(of service: Service) -> String {
        service.image ?? defaultName(service.name)
    }
}
