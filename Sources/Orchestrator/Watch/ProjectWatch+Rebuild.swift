import ComposeFile
import ImageStore
import Linux
import OCI

extension ProjectWatch {
    /// Builds the images of services and replaces their containers, but not their dependencies.
    func rebuild(_ services: [String]) async throws {
        report("Rebuilding service(s) \(services.quoted) after changes were detected...")
        let part = rebuiltPart(for: services)
        var images: [String: ServiceImage]
        do {
            images = try await self.images(part, services, .always)
        } catch  where !Task.isCancelled {
            throw WatchError.build("\(error)")
        }
        report("service(s) \(services.quoted) successfully built")
        let others = part.serviceNames.filter { !services.contains($0) }
        do {
            images.merge(try await self.images(part, others, .whenMissing)) { $1 }
            try await replace(services, of: part, images)
        } catch  where !Task.isCancelled {
            throw WatchError.replacement("\(error)")
        }
        if prunes { try await prune() }
    }

    /// Returns the project with only these services and those that are restarted with them.
    private func rebuiltPart(for services: [String]) -> Project {
        var selected = Set(services)
        var count = 0
        while count != selected.count {
            count = selected.count
            for (name, service) in project.services {
                let isRestarted = service.dependsOn.contains {
                    $0.value.restart && selected.contains($0.key)
                }
                if isRestarted { selected.insert(name) }
            }
        }
        var part = project
        part.services = project.services.filter { selected.contains($0.key) }
        return part
    }

    private func replace(
        _ services: [String],
        of part: Project,
        _ images: [String: ServiceImage]
    ) async throws {
        var options = ProjectChange.UpOptions()
        options.services = services
        options.planning.recreation = .always
        try await session.change("Running", isQuiet: true) { change in
            try await change.up(part, images: images, options: options)
        }
    }

    /// Removes this project's untagged images that no container uses.
    private func prune() async throws {
        let host = try session.openHost()
        let (store, name) = (host.images, project.name)
        let inUse = try host.contentInUse { warn("\($0)") }
        // During another build nothing is removed; the next rebuild prunes again.
        _ = try await BackgroundThread.run {
            try store.collectGarbage(inUse: inUse) { image in
                image.configuration.config.labels[ComposeLabel.project] == name
            }
        }
    }
}

/// A failed step of a rebuild.
enum WatchError: Error, CustomStringConvertible {
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
