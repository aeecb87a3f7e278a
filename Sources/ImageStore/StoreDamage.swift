public import SystemPackage

/// Damage of the store that was repaired or worked around, for a warning.
public enum StoreDamage: Sendable, Equatable {
    /// The index was unreadable or missing, and was rebuilt from its backup and the manifests in
    /// the store; the unreadable file was kept.
    case index(tagged: Int, untagged: Int, unreadable: FilePath?)
    /// An image with unreadable documents is left out.
    case image(name: String, reason: ImageStoreError)
}

extension StoreDamage: CustomStringConvertible {
    public var description: String {
        switch self {
        case .index(let tagged, let untagged, let unreadable):
            "the image index was \(unreadable == nil ? "missing" : "unreadable") and has been rebuilt "
                + "with \(tagged) tagged and \(untagged) untagged images"
                + (untagged == 0 ? "" : "; tag those again with 'swiftcompose image tag ID NAME'")
                + (unreadable.map { "; the unreadable file is \($0)" } ?? "")
        case .image(let name, let reason):
            "image \(name) is unreadable and has been left out: \(reason)"
        }
    }
}
