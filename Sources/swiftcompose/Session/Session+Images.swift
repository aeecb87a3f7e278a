import ImageStore
import OCI
import Orchestrator

extension Session {
    /// The images of this machine.
    func openImages() throws -> ImageStore { try ImageStore(root: paths.data) }

    /// The image that a user names; throws when there is none.
    func image(named name: String, in store: ImageStore) throws -> Image {
        if let image = try store.image(named: name) { return image }
        // A text that is no reference has just been refused.
        let canBootstrap = Bootstrap.knows(try ImageReference(name))
        throw ImageStoreError(.missingImage(canBootstrap: canBootstrap), in: name)
    }
}
