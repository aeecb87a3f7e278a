import ImageStore
import Linux
import OCI

extension ImageBuilder {
    /// A base image: from the store, or from the registry if it is missing or must be pulled.
    func image(
        _ name: String,
        _ platform: Platform,
        _ request: BuildRequest
    ) async throws(BuildError) -> Image {
        let reference: ImageReference
        do { reference = try ImageReference(name) } catch {
            throw BuildError(.missingImage(name, remedy: "\(error)"))
        }
        let store = store
        let present = try await onThread { () throws(BuildError) in
            try BuildError.during(store: store.image(reference))
        }
        if let present, platform.accepts(present.platform), !request.pullsAlways { return present }
        if let pull {
            do {
                if let pulled = try await pull(reference, platform) { return pulled }
            } catch {
                if present == nil {
                    throw BuildError(.pullFailed(name, reason: "\(error)\nOr \(load(reference))"))
                }
            }
        }
        guard let present else { throw BuildError(.missingImage(name, remedy: remedy(reference))) }
        guard platform.accepts(present.platform) else {
            let remedy = "the local image is for \(present.platform), not for \(platform)"
            throw BuildError(.missingImage(name, remedy: remedy))
        }
        return present
    }

    private func remedy(_ reference: ImageReference) -> String {
        Bootstrap.supports(reference)
            ? load(reference)
            : "pull it with 'swiftcompose image pull \(reference.familiar)', or \(load(reference))"
    }

    /// The remedies that need no registry.
    private func load(_ reference: ImageReference) -> String {
        let load = "load an archive with 'swiftcompose image load -i FILE'"
        guard Bootstrap.supports(reference) else { return load }
        return "create it with 'swiftcompose image bootstrap \(reference.familiar)', or \(load)"
    }
}
