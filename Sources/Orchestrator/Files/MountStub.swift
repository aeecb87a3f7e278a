import Linux
import OCI
import SystemPackage

/// Mount points that the runtime has created in the upper directory.
enum MountStub {
    /// The destinations of mounts that are empty and missing in the image.
    static func paths(
        _ specification: RuntimeSpecification,
        upper: FilePath,
        _ record: ContainerRecord
    ) throws -> Set<FilePath> {
        var stubs: Set<FilePath> = []
        for mount in specification.mounts ?? [] {
            let path = FilePath(root: nil, FilePath(mount.destination).components)
            let place = upper.appending(path.components)
            let isInImage = record.lowerDirectories.contains {
                FileSystem.exists(FilePath($0).appending(path.components))
            }
            if !isInImage, FileSystem.exists(place), try isEmpty(place) { stubs.insert(path) }
        }
        return stubs
    }

    private static func isEmpty(_ place: FilePath) throws(SystemCallError) -> Bool {
        let status = try FileSystem.status(of: place, followingLink: false)
        switch status.kind {
        case .directory: return try FileSystem.entries(of: place).isEmpty
        case .regular: return status.size == 0
        default: return false
        }
    }
}
