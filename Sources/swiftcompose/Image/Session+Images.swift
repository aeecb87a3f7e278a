import ImageStore
import Linux
import OCI
import Orchestrator
import SystemPackage

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

    /// What containers need of the store: their images, and the snapshots they are mounted from.
    func contentInUse() throws -> ContentInUse {
        let containers = ContainerStore(paths)
        var inUse = ContentInUse()
        for project in try containers.projects() {
            for container in try containers.containers(of: project) {
                inUse.images.insert(container.record.imageID)
                for directory in container.record.lowerDirectories {
                    guard let chain = ChainID(tree: FilePath(directory)) else { continue }
                    inUse.stacks.insert(chain)
                }
            }
        }
        return inUse
    }
}
