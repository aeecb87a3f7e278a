import ImageStore
import Linux
import OCI

extension ImageBuilder {
    /// A base image: the store's, or the registry's when it is not there or must be fresh.
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
            try inStore { () throws(ImageStoreError) in try store.image(reference) }
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
            let remedy = "the one here is for \(present.platform); \(platform) is wanted"
            throw BuildError(.missingImage(name, remedy: remedy))
        }
        return present
    }

    private func remedy(_ reference: ImageReference) -> String {
        Bootstrap.supports(reference)
            ? load(reference)
            : "fetch it with 'swiftcompose image pull \(reference.familiar)', or \(load(reference))"
    }

    /// How to come by an image without a registry.
    private func load(_ reference: ImageReference) -> String {
        let load = "load an archive with 'swiftcompose image load -i FILE'"
        guard Bootstrap.supports(reference) else { return load }
        return "make it with 'swiftcompose image bootstrap \(reference.familiar)', or \(load)"
    }
}
