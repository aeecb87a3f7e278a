import Linux
import SystemPackage

/// The files of an image, read without a container to fill a new volume.
struct ImageContent {
    /// Snapshot directories, topmost first.
    let lowerDirectories: [FilePath]

    /// Copies the directory at `path` into the empty directory `target`, with its owner and mode.
    ///
    /// Returns false, copying nothing, if the image has no directory at `path`. `progress` receives
    /// the size of each copied file in bytes.
    func copy(
        _ path: String,
        into target: FilePath,
        progress: (Int64) -> Void
    ) throws(SystemCallError) -> Bool {
        // An image without layers, such as one built from scratch, has no content.
        guard !lowerDirectories.isEmpty else { return false }
        let image = ConfinedDirectory(try root())
        guard image.exists(path) else { return false }
        let source = try image.open(path)
        guard try source.status().kind == .directory else { return false }
        try TreeCopy.copy(
            try image.open(path, .directory),
            into: try Descriptor.open(target, .directory),
            progress: progress
        )
        return true
    }

    /// The layers as one tree, in a detached mount.
    private func root() throws(SystemCallError) -> Descriptor {
        guard lowerDirectories.count > 1 else {
            return try Descriptor.open(lowerDirectories[0], .directory)
        }
        let stack = try DetachedMount(
            type: "overlay",
            source: "overlay",
            settings: lowerDirectories.map { MountSetting("lowerdir+", $0.string) }
        )
        return try stack.descriptor.duplicate()
    }
}
