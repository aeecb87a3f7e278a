import Dockerfile
import Linux
import SystemPackage

/// Visits the entries that one source of a copy selects, folders before their contents.
struct TreeWalk {
    /// An entry to copy, and its path relative to the destination.
    struct Item {
        var entry: TreeEntry
        var target: [FilePath.Component]
    }

    /// More levels than a path of PATH_MAX bytes can have: no program could name the copies.
    static let depthLimit = 2048

    let tree: LayeredTree
    /// If not nil, only entries that these match, with their parents and contents, are visited.
    var included: IgnorePatterns?
    /// Entries that these match are not visited.
    var excluded = IgnorePatterns()

    /// Functions called for each entry, and after the contents of a folder.
    struct Visitor<Failure: Error> {
        var enter: (Item) throws(Failure) -> Void
        var leave: (Item) throws(Failure) -> Void
    }

    /// Visits the entries below `directory`, not `directory` itself.
    func visitContents<Failure: Error>(
        of directory: TreeEntry,
        _ visitor: Visitor<Failure>,
        reading: (SystemCallError) -> Failure
    ) throws(Failure) {
        var state = State(pending: [], included: .init(), excluded: .init())
        try visit(directory, at: [], &state, visitor, reading)
    }

    private struct State {
        /// Parents that have not been visited because no entry in them was wanted so far.
        var pending: [Item]
        var included: IgnorePatterns.Inherited
        var excluded: IgnorePatterns.Inherited
    }

    private func visit<Failure: Error>(
        _ directory: TreeEntry,
        at target: [FilePath.Component],
        _ state: inout State,
        _ visitor: Visitor<Failure>,
        _ reading: (SystemCallError) -> Failure
    ) throws(Failure) {
        guard target.count < Self.depthLimit else {
            let path = "/" + target.map(\.string).joined(separator: "/")
            throw reading(
                SystemCallError(call: "open", subject: path, reason: .fileNameTooLong)
            )
        }
        let children: [TreeEntry]
        do { children = try tree.children(of: directory) } catch { throw reading(error) }
        for child in children {
            guard let name = child.name else { continue }
            let item = Item(entry: child, target: target + [name])
            var inner = state
            let path = item.target.map(\.string).joined(separator: "/")
            inner.excluded = excluded.verdict(on: path, in: state.excluded)
            if let included { inner.included = included.verdict(on: path, in: state.included) }
            let isWanted =
                (included == nil || inner.included.isIgnored) && !inner.excluded.isIgnored
            if isWanted {
                for folder in state.pending { try visitor.enter(folder) }
                state.pending = []
                inner.pending = []
                try visitor.enter(item)
            } else {
                inner.pending.append(item)
            }
            guard child.isDirectory else { continue }
            if inner.excluded.isIgnored, !excluded.hasExceptions { continue }
            try visit(child, at: item.target, &inner, visitor, reading)
            guard inner.pending.isEmpty else { continue }
            state.pending = []
            try visitor.leave(item)
        }
    }
}
