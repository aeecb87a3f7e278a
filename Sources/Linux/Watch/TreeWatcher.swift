public import SystemPackage

/// Tells which paths change at and below some roots, also below directories that come later.
///
/// It remembers what is there, so that it can tell what has changed when the kernel has lost
/// events, and what has gone with a directory that was moved away. A root may be a file, or
/// missing: then its nearest directory is watched until it comes. Links are not followed, except
/// by a root itself. Used by one thread. Source: inotify(7).
public final class TreeWatcher {
    private struct Directory {
        let watch: FileWatcher.Watch
        /// Everything in it is of interest; otherwise what lies on the way to a root.
        let isInside: Bool
        /// What is there of interest.
        var entries: [FilePath.Component: FileFingerprint] = [:]
    }

    private let watcher: FileWatcher
    private let roots: Set<FilePath>
    private let skips: (FilePath) -> Bool
    private var directories: [FilePath: Directory] = [:]
    private var paths: [FileWatcher.Watch: FilePath] = [:]
    private var changed: Set<FilePath> = []
    /// While everything is looked through: what has been already.
    private var scanned: Set<FilePath>?

    /// Watches from now on; what is in directories for which `skips` is true is left out.
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

    /// Readable when something changed.
    public var descriptor: Int32 { watcher.descriptor.number }

    /// Everything at and below the roots, as far as it is watched.
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

    /// The paths that changed, came or went since the last call; with a directory that came or
    /// went, everything in it.
    public func changes() throws(SystemCallError) -> Set<FilePath> {
        let news = try EventDeduplicator(watcher.events())
        for place in news.places {
            guard let directory = paths[place.watch] else { continue }
            try look(at: place.name, in: directory, hasNewContent: news.rewritten.contains(place))
        }
        for watch in news.lost {
            if let directory = paths[watch] { try lose(directory) }
        }
        if news.isIncomplete { try anchorAll() }
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

    /// Looks through everything, once.
    private func anchorAll() throws(SystemCallError) {
        scanned = []
        defer { scanned = nil }
        for root in roots { try anchor(root) }
    }

    /// Watches the way to `root` from the nearest directory that there is.
    private func anchor(_ root: FilePath) throws(SystemCallError) {
        var start = root.removingLastComponent()
        while try !scan(start), !start.components.isEmpty {
            start = start.removingLastComponent()
        }
    }

    /// A directory on the way to a root is not where it was.
    private func lose(_ directory: FilePath) throws(SystemCallError) {
        forget(directory)
        for root in roots where root.starts(with: directory) { try anchor(root) }
    }

    /// Watches a directory and looks at everything in it; false when there is none.
    ///
    /// It is watched before it is read, so that nothing falls between.
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
        } catch  where error.saysThatNothingIsThere {
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
        // Of a directory inside the one above tells that it goes.
        guard isInside else { return changes.union([.removed, .movedAway]) }
        return roots.contains(path) ? changes : changes.union(.notFollowingLink)
    }

    private func entries(of path: FilePath) throws(SystemCallError) -> Set<FilePath.Component> {
        Set(try Descriptor.open(path, .directory).entryNames())
    }

    /// The next steps from a directory to the roots.
    private func waypoints(in path: FilePath) -> Set<FilePath.Component> {
        let depth = path.components.count
        return Set(
            roots.filter { $0.starts(with: path) }.compactMap {
                $0.components.dropFirst(depth).first
            }
        )
    }

    /// Compares an entry with what it was.
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
            // What came and went unseen is nobody's loss.
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

    /// Watches a directory no more; all that was in it has gone.
    private func forget(_ path: FilePath) {
        guard let directory = directories.removeValue(forKey: path) else { return }
        // The same directory may be watched already where it is now.
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
