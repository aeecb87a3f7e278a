import Glibc
import Linux
public import SystemPackage

/// The tree of a layer as overlayfs stacks it.
public enum UnpackedLayer {
    /// Whether the layer at `root` hides everything below it; overlayfs ignores its own attribute
    /// on the root of a layer.
    public static func isOpaque(_ root: FilePath) throws(ArchiveError) -> Bool {
        let directory = Descriptor(
            owning: try call("open", root.string) {
                unsafe root.withPlatformString {
                    unsafe open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                }
            }
        )
        let attributes = try extendedAttributes(of: directory.number, subject: root.string)
        return attributes[ExtendedAttribute.opaque] != nil
    }
}
