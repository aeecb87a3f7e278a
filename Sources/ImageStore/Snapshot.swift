import Linux
import OCI
import SystemPackage

/// The description of an unpacked layer, stored beside its tree as `layer.json`.
struct Snapshot: JSONDocument, Equatable {
    static let kind = "snapshot"

    var layer: Layer
    /// Whether the layer hides all those below it.
    var isOpaque: Bool

    /// The name of the tree in the snapshot's directory.
    static let treeName: FilePath.Component = "fs"
    private static let documentName: FilePath.Component = "layer.json"

    /// Writes the document to the snapshot's directory.
    func write(into directory: FilePath) throws(ImageStoreError) {
        let bytes = try during(document: json())
        let path = directory.appending(Self.documentName)
        try during(system: AtomicFile.write(bytes, to: path, flushing: false))
    }

    /// Reads the document written by `write(into:)`.
    static func read(
        from directory: FilePath,
        of store: ImageStore
    ) throws(ImageStoreError) -> Snapshot {
        let path = directory.appending(documentName)
        let bytes = try store.read(path)
        return try during(document: Snapshot(json: bytes, name: path.string))
    }
}
