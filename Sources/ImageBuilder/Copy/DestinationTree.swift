import Linux
import SystemPackage

/// The tree that a step writes: an upper directory over the stack below.
struct DestinationTree {
    /// An existing directory of the merged tree, and its counterpart in the upper directory.
    struct Folder {
        var entry: TreeEntry
        var upper: OpenDirectory
    }

    let base: LayeredTree
    let merged: LayeredTree
    private let upper: OpenDirectory

    /// Makes the upper directory `path` over `base`.
    init(upper path: FilePath, over base: LayeredTree) throws(SystemCallError) {
        try Self.makeUpperDirectory(path, over: base)
        upper = OpenDirectory(try Descriptor.open(path, .directory))
        self.base = base
        merged = try base.under(upper)
    }

    /// Makes an upper directory with the owner and mode of the root of `base`.
    static func makeUpperDirectory(
        _ path: FilePath,
        over base: LayeredTree
    ) throws(SystemCallError) {
        try FileSystem.makeDirectory(path)
        if let status = base.root.status {
            try FileSystem.setOwner(of: path, user: status.owner, group: status.group)
            try FileSystem.setMode(of: path, to: status.mode)
        } else {
            try FileSystem.setMode(of: path, to: 0o755)
        }
    }

    /// The root directory.
    var root: Folder { Folder(entry: merged.root, upper: upper) }

    /// The folder at a path that has no links and exists.
    func folder(at path: [FilePath.Component]) throws(SystemCallError) -> Folder {
        var folder = root
        for name in path {
            guard let next = try self.folder(name, in: folder) else {
                throw SystemCallError(
                    call: "open",
                    subject: "/" + path.map(\.string).joined(separator: "/"),
                    reason: .notDirectory
                )
            }
            folder = next
        }
        return folder
    }

    /// The folder `name` in another one, copied up if necessary; nil if it does not exist.
    func folder(
        _ name: FilePath.Component,
        in parent: Folder
    ) throws(SystemCallError) -> Folder? {
        guard let entry = try merged.child(name, of: parent.entry), entry.isDirectory else {
            return nil
        }
        if try parent.upper.descriptor.status(ofEntry: name)?.kind == .directory {
            let opened = OpenDirectory(try parent.upper.descriptor.open(entry: name, .directory))
            return Folder(entry: entry, upper: opened)
        }
        try parent.upper.descriptor.makeDirectory(entry: name)
        let opened = OpenDirectory(try parent.upper.descriptor.open(entry: name, .directory))
        try FileMetadata(of: entry).apply(to: opened.descriptor, name, in: parent.upper)
        var copiedUp = entry
        copiedUp.place = .directory([opened] + entry.directories)
        return Folder(entry: copiedUp, upper: opened)
    }

    /// Makes a folder where nothing exists; an opaque one hides the folder below.
    func makeFolder(
        _ name: FilePath.Component,
        in parent: Folder,
        _ metadata: FileMetadata,
        isOpaque: Bool = false
    ) throws(SystemCallError) -> Folder {
        try parent.upper.descriptor.makeDirectory(entry: name)
        let opened = OpenDirectory(try parent.upper.descriptor.open(entry: name, .directory))
        if isOpaque {
            let yes = [UInt8(ascii: "y")]
            try opened.descriptor.setExtendedAttribute(OverlayMount.opaqueAttribute, to: yes)
        }
        try metadata.apply(to: opened.descriptor, name, in: parent.upper)
        let path = parent.entry.path + [name]
        let status = try opened.descriptor.status()
        let entry = TreeEntry(path: path, status: status, place: .directory([opened]))
        return Folder(entry: entry, upper: opened)
    }

    /// Whether the stack below has a folder at a path that has no links.
    func isFolderBelow(_ path: [FilePath.Component]) throws(SystemCallError) -> Bool {
        var entry = base.root
        for name in path {
            guard let next = try base.child(name, of: entry), next.isDirectory else { return false }
            entry = next
        }
        return true
    }

    /// Removes the upper directory's entry of this name, if there is one.
    func removeUpper(
        _ name: FilePath.Component,
        in parent: Folder
    ) throws(SystemCallError) {
        guard let status = try parent.upper.descriptor.status(ofEntry: name) else { return }
        if status.kind == .directory {
            let inner = OpenDirectory(try parent.upper.descriptor.open(entry: name, .directory))
            for child in try inner.descriptor.entryNames() {
                try removeUpper(child, in: Folder(entry: parent.entry, upper: inner))
            }
        }
        try parent.upper.descriptor.remove(entry: name, isDirectory: status.kind == .directory)
    }

    /// Makes the missing folders of `path` and returns the path without links.
    ///
    /// Their mode is 0755; a new last one gets `mode`.
    @discardableResult
    func makeFolders(
        _ path: FilePath,
        owner: Owner,
        mode: UInt16? = nil
    ) throws(BuildError) -> [FilePath.Component] {
        let resolution = try BuildError.during(merged.resolve(path))
        guard resolution.entry.isDirectory else {
            let place = resolution.entry.text
            throw BuildError(.wrongKind("cannot make \(path): \(place) is not a directory"))
        }
        try BuildError.during { () throws(SystemCallError) in
            var folder = try folder(at: resolution.entry.path)
            for (index, name) in resolution.missing.enumerated() {
                let isLast = index == resolution.missing.count - 1
                let metadata = FileMetadata(owner: owner, mode: isLast ? mode ?? 0o755 : 0o755)
                folder = try makeFolder(name, in: folder, metadata)
            }
        }
        return resolution.entry.path + resolution.missing
    }
}
