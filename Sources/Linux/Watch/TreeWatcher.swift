public import SystemPackage

/// Reports which paths change at and below some roots, including directories created later.
///
/// It records the existing entries, so that it can report the changes when the kernel dropped
/// events, and the content of a directory that was moved away. A root may be a file or not exist
/// yet: then its nearest existing ancestor is watched. Symbolic links are followed only if they are
/// roots. Not thread-safe. Source: inotify(7).
public final class TreeWatcher {
    private struct Directory {
        let watch: FileWatcher.Watch
        /// Whether all entries are of interest, or only those on the way to a root.
        let isInside: Bool
        /// The existing entries of interest.
        var entries: [FilePath.Component: FileFingerprint] = [:]
    }

    private let watcher: FileWatcher
    private let roots: Set<FilePath>
    private let skips: (FilePath) -> Bool
    private var directories: [FilePath: Directory] = [:]
    private var paths: [FileWatcher.Watch: FilePath] = [:]
    private var changed: Set<FilePath> = []
    /// During a full scan: the directories already scanned.
    private var scanned: Set<FilePath>?

    /// Starts watching; the content of directories for which `skips` returns true is ignored.
    public init(
        _ roots: Set<FilePath>,
        skipping skips: @escaping (FilePath) -> Bool = { _ in false }
    ) throws(SystemCallError) {
        watcher = try FileWatcher()
        self.roots = Set(roots.map { $0.lexicallyNormalized() })
        self.skips = skips
        try anchorAll()
        changed = []
    }

    /// Readable when a change is pending.
    public var descriptor: Int32 { watcher.descriptor.number }

    /// All watched paths at and below the roots.
    public var present: Set<FilePath> {
        var all: Set<FilePath> = []
        for (path, directory) in directories {
            for name in directory.entries.keys {
                let entry = path.appending(name)
                if directory.isInside || roots.contains(entry) { all.insert(entry) }
            }
        }
        return all
    }

    /// The paths that were changed, created or removed since the last call; with a directory, all
    /// of its content.
    public func changes() throws(SystemCallError) -> Set<FilePath> {
        let events = try EventDeduplicator(watcher.events())
        for place in events.places {
            guard let directory = paths[place.watch] else { continue }
            try look(at: place.name, in: directory, hasNewContent: events.rewritten.contains(place))
        }
        for watch in events.lost {
            if let directory = paths[watch] { try lose(directory) }
        }
        if events.isIncomplete { try anchorAll() }
        defer { changed = [] }
        return changed
    }
}

extension TreeWatcher {
    private enum Interest {
        case inside
        /// A directory on the way to a root.
        case leading
    }

    private func interest(in entry: FilePath, of directory: Directory?) -> Interest? {
        if directory?.isInside == true || roots.contains(entry) { return .inside }
        return roots.contains { $0.starts(with: entry) } ? .leading : nil
    }

    /// Scans everything once.
    private func anchorAll() throws(SystemCallError) {
        scanned = []
        defer { scanned = nil }
        for root in roots { try anchor(root) }
    }

    /// Watches the path to `root` from its nearest existing ancestor.
    private func anchor(_ root: FilePath) throws(SystemCallError) {
        var start = root.removingLastComponent()
        while try !scan(start), !start.components.isEmpty {
            start = start.removingLastComponent()
        }
    }

    /// Handles the removal or move of a directory on the way to a root.
    private func lose(_ directory: FilePath) throws(SystemCallError) {
        forget(directory)
        for root in roots where root.starts(with: directory) { try anchor(root) }
    }

    /// Watches a directory and examines its entries; returns false if it does not exist.
    ///
    /// It is watched before it is read, so that no change is missed.
    @discardableResult
    private func scan(_ path: FilePath) throws(SystemCallError) -> Bool {
        if scanned?.contains(path) == true { return directories[path] != nil }
        let isInside = roots.contains(where: path.starts(with:)) && !skips(path)
        let waypoints = waypoints(in: path)
        guard isInside || !waypoints.isEmpty else { return true }
        let names: Set<FilePath.Component>
        do {
            let watch = try watcher.watch(path, for: changes(in: path, isInside: isInside))
            paths[watch] = path
            let known = directories[path]?.entries ?? [:]
            directories[path] = Directory(watch: watch, isInside: isInside, entries: known)
            names = isInside ? try entries(of: path) : waypoints
        } catch  where error.isMissing {
            forget(path)
            return false
        }
        scanned?.insert(path)
        for name in names.union(directories[path]?.entries.keys.map(\.self) ?? []) {
            try look(at: name, in: path, rescans: true)
        }
        return true
    }

    private func changes(in path: FilePath, isInside: Bool) -> FileWatcher.Change {
        let changes: FileWatcher.Change = [
            .created, .movedHere, .modified, .closedAfterWriting, .attributes, .entryRemoved,
            .entryMovedAway, .directoryOnly,
        ]
        // The removal of an inner directory is reported by its parent.
        guard isInside else { return changes.union([.removed, .movedAway]) }
        return roots.contains(path) ? changes : changes.union(.notFollowingLink)
    }

    private func entries(of path: FilePath) throws(SystemCallError) -> Set<FilePath.Component> {
        Set(try Descriptor.open(path, .directory).entryNames())
    }

    /// The entries of a directory that lead to roots.
    private func waypoints(in path: FilePath) -> Set<FilePath.Component> {
        let depth = path.components.count
        return Set(
            roots.filter { $0.starts(with: path) }.compactMap {
                $0.components.dropFirst(depth).first
            }
        )
    }

    /// Compares an entry with its recorded state.
    private func look(
        at name: FilePath.Component,
        in directory: FilePath,
        hasNewContent: Bool = false,
        rescans: Bool = false
    ) throws(SystemCallError) {
        let path = directory.appending(name)
        guard let interest = interest(in: path, of: directories[directory]) else { return }
        let follows = interest == .leading || roots.contains(path)
        let old = directories[directory]?.entries[name]
        let new = try FileFingerprint(of: path, followingLink: follows)
        guard let new else {
            // It was created and removed between two calls.
            guard old != nil else { return }
            directories[directory]?.entries[name] = nil
            note(path, interest)
            return forget(path)
        }
        directories[directory]?.entries[name] = new
        if new != old || hasNewContent { note(path, interest) }
        if let old, old.isDirectory, old.inode != new.inode || !new.isDirectory { forget(path) }
        if new.isDirectory, rescans || directories[path] == nil { try scan(path) }
    }

    private func note(_ path: FilePath, _ interest: Interest) {
        if interest == .inside { changed.insert(path) }
    }

    /// Stops watching a directory and reports all of its entries as removed.
    private func forget(_ path: FilePath) {
        guard let directory = directories.removeValue(forKey: path) else { return }
        // The same directory may already be watched at its new path.
        if paths[directory.watch] == path {
            watcher.forget(directory.watch)
            paths[directory.watch] = nil
        }
        for name in directory.entries.keys {
            let entry = path.appending(name)
            if let interest = interest(in: entry, of: directory) { note(entry, interest) }
            forget(entry)
        }
    }
}
