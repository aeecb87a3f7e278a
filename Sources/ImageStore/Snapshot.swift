import Linux
import OCI
import SystemPackage

/// What is known of an unpacked layer, kept beside its tree as `layer.json`.
struct Snapshot: JSONDocument, Equatable {
    static let kind = "snapshot"

    var layer: Layer
    /// Whether nothing of the stack below shows through.
    var isOpaque: Bool

    /// The unpacked tree, inside the snapshot's directory.
    static let treeName: FilePath.Component = "fs"
    private static let documentName: FilePath.Component = "layer.json"

    /// Writes the document into the snapshot's directory, which is not in its place yet.
    func write(into directory: FilePath) throws(ImageStoreError) {
        let bytes = try wrapping(document: json)
        let path = directory.appending(Self.documentName)
        try wrapping(system: { () throws(SystemCallError) in
            try Descriptor.open(path, [.writing, .creating, .exclusive]).write(bytes)
        })
    }

    /// Reads what `write(into:)` wrote.
    static func read(
        from directory: FilePath,
        of store: ImageStore
    ) throws(ImageStoreError) -> Snapshot {
        let path = directory.appending(documentName)
        let bytes = try store.read(path)
        return try wrapping(document: { () throws(OCIError) in
            try Snapshot(json: bytes, name: path.string)
        })
    }
}
