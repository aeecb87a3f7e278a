import ComposeFile
import ImageBuilder
import ImageStore
import Linux
import OCI
import Orchestrator

extension Watching {
    /// Builds the images of services and replaces their containers; what they depend on stays.
    func rebuild(_ services: [String]) async throws {
        tell("Rebuilding service(s) \(services.quoted) after changes were detected...")
        let host = try session.openHost()
        let part = replaced(with: services)
        var images: [String: ServiceImage]
        do {
            images = try await supply(services, of: part, host, building: .always)
        } catch  where !Task.isCancelled {
            throw WatchingError.build("\(error)")
        }
        tell("service(s) \(services.quoted) successfully built")
        let others = part.serviceNames.filter { !services.contains($0) }
        do {
            images.merge(try await supply(others, of: part, host, building: .whenMissing)) { $1 }
            try await replace(services, of: part, images)
        } catch  where !Task.isCancelled {
            throw WatchingError.replacement("\(error)")
        }
        if prunes { try await prune(host) }
    }

    /// The project with nothing but these services and those that are restarted with them.
    private func replaced(with services: [String]) -> Project {
        var touched = Set(services)
        var count = 0
        while count != touched.count {
            count = touched.count
            for (name, service) in project.services
            where service.dependsOn.contains(where: { $0.value.restart && touched.contains($0.key) }
            ) {
                touched.insert(name)
            }
        }
        var part = project
        part.services = project.services.filter { touched.contains($0.key) }
        return part
    }

    private func supply(
        _ services: [String],
        of part: Project,
        _ host: Host,
        building: ImageSupply.Building
    ) async throws -> [String: ServiceImage] {
        var supply = ImageSupply(
            host,
            part,
            builder: session.imageBuilder(host),
            pull: session.pull(host, isQuiet: true)
        )
        supply.building = building
        let display = BuildDisplay(isQuiet: hidesBuild, mode: session.progressMode, write: tell)
        return try await supply.supply(services, progress: display.sink)
    }

    private func replace(
        _ services: [String],
        of part: Project,
        _ images: [String: ServiceImage]
    ) async throws {
        var options = ProjectChange.UpOptions()
        options.services = services
        options.planning.recreation = .always
        try await session.change(project.name, "Running", isQuiet: true) { change in
            try await change.up(part, images: images, options: options)
        }
    }

    /// Removes this project's images that have lost their name and that nothing was made from.
    private func prune(_ host: Host) async throws {
        let (store, name) = (host.images, project.name)
        let inUse = try host.contentInUse { session.warn("\($0)") }
        // While another build goes on nothing is removed; the next rebuild sees to it.
        _ = try await BackgroundThread.run {
            try store.collectGarbage(inUse: inUse) { image in
                image.configuration.config.labels[ComposeLabel.project] == name
            }
        }
    }
}

/// What of a rebuild has failed.
enum WatchingError: Error, CustomStringConvertible {
    case build(String)
    case replacement(String)

    var description: String {
        switch self {
        case .build(let reason): "Build failed. Error: \(reason)"
        case .replacement(let reason):
            "Failed to recreate services after update. Error: \(reason)"
        }
    }
}
