import Glibc
import Linux
public import SystemPackage

extension TarReader {
    /// Whether an unpacked layer hides everything below it: overlayfs itself does not look for its
    /// attribute on the root of a layer.
    public static func isOpaque(_ root: FilePath) throws(ArchiveError) -> Bool {
        let number = try call("open", root.string) {
            unsafe root.withPlatformString {
                unsafe open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            }
        }
        let directory = Descriptor(owning: number)
        let attributes = try extendedAttributes(of: directory.number, subject: root.string)
        return attributes[ExtendedAttribute.opaque] != nil
    }
}
