import SystemPackage

/// Copies directory trees with owners, modes, times and extended attributes.
///
/// Symbolic links are never followed; a file with several hard links becomes several files.
public enum TreeCopy {
    /// Copies the content of `source` to the empty directory `target`, which also gets the owner,
    /// mode and attributes of `source`. Both must be open for reading. `progress` receives the size
    /// of each file once it is copied, in bytes.
    public static func copy(
        _ source: borrowing Descriptor,
        into target: borrowing Descriptor,
        progress: (Int64) -> Void = { _ in }
    ) throws(SystemCallError) {
        try copyEntries(source, target, progress)
        try copyAttributes(of: source, to: target)
    }

    private static func copyEntries(
        _ source: borrowing Descriptor,
        _ target: borrowing Descriptor,
        _ progress: (Int64) -> Void
    ) throws(SystemCallError) {
        for name in try source.entryNames() {
            guard let status = try source.status(ofEntry: name) else { continue }
            try copy(name, status, source, target, progress)
            guard status.kind != .symbolicLink else { continue }
            try target.setMode(ofEntry: name, to: status.mode)
            try target.setTime(ofEntry: name, to: status.modified)
        }
    }

    private static func copy(
        _ name: FilePath.Component,
        _ status: FileStatus,
        _ source: borrowing Descriptor,
        _ target: borrowing Descriptor,
        _ progress: (Int64) -> Void
    ) throws(SystemCallError) {
        switch status.kind {
        case .directory:
            try target.makeDirectory(entry: name)
            let from = try source.open(entry: name, .directory)
            let into = try target.open(entry: name, .directory)
            try copyEntries(from, into, progress)
            try copyExtendedAttributes(from, into)
        case .symbolicLink:
            try target.makeLink(entry: name, to: try source.readLink(entry: name))
        case .regular:
            let from = try source.open(entry: name)
            let into = try target.open(entry: name, [.readingAndWriting, .creating, .exclusive])
            try from.copyContent(to: into)
            try copyExtendedAttributes(from, into)
            progress(status.size)
        case .fifo, .socket, .characterDevice, .blockDevice:
            try target.makeNode(entry: name, status.kind, status.node)
        }
        try target.setOwner(ofEntry: name, user: status.owner, group: status.group)
    }

    private static func copyExtendedAttributes(
        _ source: borrowing Descriptor,
        _ target: borrowing Descriptor
    ) throws(SystemCallError) {
        for (name, value) in try source.extendedAttributes()
        where !name.hasPrefix("trusted.overlay.") && !name.hasPrefix("user.overlay.") {
            try target.setExtendedAttribute(name, to: value)
        }
    }

    /// Copies the owner, mode and extended attributes of one directory to another.
    public static func copyAttributes(
        of source: borrowing Descriptor,
        to target: borrowing Descriptor
    ) throws(SystemCallError) {
        let status = try source.status()
        try copyExtendedAttributes(source, target)
        try target.setOwner(user: status.owner, group: status.group)
        try target.setMode(status.mode)
    }
}
