import Linux
import SystemPackage

/// The metadata of a file.
struct FileMetadata {
    var owner: Owner
    var mode: UInt16
    var attributes: [String: [UInt8]] = [:]
    /// The modification time; nil keeps the time at which the file was created.
    var modified: Duration?

    init(owner: Owner, mode: UInt16, modified: Duration? = nil) {
        self.owner = owner
        self.mode = mode
        self.modified = modified
    }

    /// The metadata of `entry`.
    init(of entry: TreeEntry, isOfContext: Bool = false) throws(SystemCallError) {
        owner = Owner(user: entry.status?.owner ?? 0, group: entry.status?.group ?? 0)
        mode = entry.mode
        modified = entry.status?.modified
        attributes = try entry.portableAttributes(ofContext: isOfContext)
    }

    /// Sets all metadata of an open file or folder.
    ///
    /// The owner comes first: a change of owner clears set-id bits and capabilities.
    func apply(
        to file: borrowing Descriptor,
        _ name: FilePath.Component,
        in directory: OpenDirectory
    ) throws(SystemCallError) {
        try applyOwnerAndMode(name, in: directory)
        for (key, value) in attributes { try file.setExtendedAttribute(key, to: value) }
        if let modified { try directory.descriptor.setTime(ofEntry: name, to: modified) }
    }

    /// Sets the metadata that a link, FIFO or device supports.
    func apply(
        _ name: FilePath.Component,
        in directory: OpenDirectory,
        isLink: Bool
    ) throws(SystemCallError) {
        if isLink {
            let (user, group) = (owner.user, owner.group)
            try directory.descriptor.setOwner(ofEntry: name, user: user, group: group)
        } else {
            try applyOwnerAndMode(name, in: directory)
        }
        if let modified { try directory.descriptor.setTime(ofEntry: name, to: modified) }
    }

    private func applyOwnerAndMode(
        _ name: FilePath.Component,
        in directory: OpenDirectory
    ) throws(SystemCallError) {
        let (user, group) = (owner.user, owner.group)
        try directory.descriptor.setOwner(ofEntry: name, user: user, group: group)
        try directory.descriptor.setMode(ofEntry: name, to: mode)
    }
}
