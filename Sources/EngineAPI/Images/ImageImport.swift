import Archive
import ImageBuilder
import ImageStore
import Linux
import OCI
import Orchestrator
import Registry
import SystemPackage

extension Engine {
    /// `POST /images/create` with `fromSrc`: an image from the archive of a root file system.
    ///
    /// `source` is `-` for the body, or an address.
    func importImage(
        from source: String,
        _ request: Request,
        _ response: Response
    ) async throws {
        let query = request.query
        let tag = query["tag"] ?? "latest"
        let reference = try query["repo"].map { name in
            // The name may hold the tag.
            try Self.reference(query["tag"] == nil ? name : "\(name):\(tag)")
        }
        let configuration = try Self.importedConfiguration(request)
        let image: Image
        if source == "-" {
            image = try await reading(request.body) { [store = host.images] archive in
                try store.importRootfs(archive, as: reference, configuration: configuration)
            }
        } else {
            image = try await importImage(at: source, as: reference, configuration)
        }
        if let reference { report("import", image, reference) }
        let body = try await response.stream()
        try await body.write(["status": .string("\(image.id)")])
        try await body.end()
    }

    private func importImage(
        at address: String,
        as reference: ImageReference?,
        _ configuration: ImageConfiguration
    ) async throws -> Image {
        let url = address.contains("://") ? address : "http://\(address)"
        let directory = try ScratchDirectory(in: host.paths.data)
        defer { directory.remove() }
        let file = directory.path.appending("archive")
        do {
            _ = try await Download(environment: environment).fetch(url, to: file)
        } catch {
            throw EngineError.badRequest("\(error)")
        }
        let store = host.images
        return try await BackgroundThread.run {
            let archive = try ByteSource(file: file)
            return try store.importRootfs(archive, as: reference, configuration: configuration)
        }
    }

    private static func importedConfiguration(_ request: Request) throws -> ImageConfiguration {
        var configuration = ImageConfiguration(created: .now)
        if let platform = try platform(request) { configuration.platform = platform }
        for change in request.query.all("changes") where !change.isEmpty {
            do {
                try configuration.config.apply(change)
            } catch {
                throw EngineError.badRequest("\(error)")
            }
        }
        let message = request.query["message"] ?? "Imported from \(request.query["fromSrc"] ?? "-")"
        configuration.history = [History(created: configuration.created, comment: message)]
        return configuration
    }
}
