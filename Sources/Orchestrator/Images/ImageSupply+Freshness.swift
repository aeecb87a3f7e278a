import ComposeFile
import ImageBuilder
import ImageStore

extension ImageSupply {
    /// The services of `services` whose image in `images` is not the one that their build would
    /// make now, with the reason.
    func stale(
        _ services: [Service],
        _ images: [String: Image],
        _ progress: @escaping @Sendable (BuildEvent) -> Void
    ) async throws -> [(service: Service, reason: Staleness)] {
        var stale: [(service: Service, reason: Staleness)] = []
        for service in services where service.build != nil {
            guard let image = images[service.name] else { continue }
            do {
                let request = try BuildRequest(
                    service,
                    of: project,
                    reference: try reference(of: service)
                )
                if let reason = try await builder.staleness(of: image, for: request) {
                    stale.append((service, reason))
                }
            } catch let error as BuildError where error.concernsBase {
                // The base image was removed: whether the build would change it is unknown.
                continue
            } catch {
                let name = project.imageName(of: service)
                progress(.notice("WARN: image \(name) cannot be compared with its build: \(error)"))
            }
        }
        return stale
    }
}
