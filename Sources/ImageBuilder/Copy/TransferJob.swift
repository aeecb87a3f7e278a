import Archive
import Dockerfile
import Linux
import SystemPackage

/// COPY and ADD: fills an upper directory with what was selected.
struct TransferJob {
    let selection: TransferSelection
    let base: LayeredTree

    private var step: TransferStep { selection.step }

    func perform(in directory: FilePath) throws(BuildError) -> FilePath? {
        let upper = directory.appending("upper")
        let inline = try inlineMatches(in: directory)
        guard !selection.matches.isEmpty || !inline.isEmpty else { return nil }
        let (tree, owner) = try wrapping { () throws(SystemCallError) in
            let owner = try step.owner.map { text throws(SystemCallError) in
                try UserTable(of: base).owner(text)
            }
            let below = step.isLink ? try LayeredTree([]) : base
            return (try DestinationTree(upper: upper, over: below), owner)
        }
        let writer = EntryWriter(
            tree: tree,
            mode: step.mode,
            owner: owner ?? (selection.resetsOwner ? .root : nil),
            isOfContext: selection.resetsOwner
        )
        for match in selection.matches {
            try place(match, of: selection, with: writer, folderOwner: owner ?? .root)
        }
        let ownFiles = EntryWriter(tree: tree, mode: step.mode, owner: owner ?? .root)
        for match in inline {
            try place(match, of: selection, with: ownFiles, folderOwner: owner ?? .root)
        }
        return upper
    }

    /// The files that stand in the Dockerfile, laid out as files.
    private func inlineMatches(
        in directory: FilePath
    ) throws(BuildError) -> [TransferSelection.Match] {
        guard !step.files.isEmpty else { return [] }
        return try wrapping { () throws(SystemCallError) in
            let folder = directory.appending("inline")
            try FileSystem.makeDirectory(folder)
            var names: [FilePath.Component] = []
            for file in step.files {
                guard let name = FilePath.Component(file.name) else { continue }
                let path = folder.appending(name)
                try AtomicFile.write(Array(file.content.utf8), to: path)
                names.append(name)
            }
            let tree = try LayeredTree([folder])
            var matches: [TransferSelection.Match] = []
            for name in names {
                guard let entry = try tree.child(name, of: tree.root) else { continue }
                matches.append(TransferSelection.Match(name: name.string, entry: entry))
            }
            return matches
        }
    }

    private func place(
        _ match: TransferSelection.Match,
        of selection: TransferSelection,
        with writer: EntryWriter,
        folderOwner: Owner
    ) throws(BuildError) {
        let destination = FilePath(step.destination)
        if step.unpacks, match.entry.kind == .regular {
            let job = ArchiveJob(tree: writer.tree, owner: step.owner == nil ? nil : folderOwner)
            if try job.unpack(match.entry, to: destination, folderOwner: folderOwner) { return }
        }
        let isFolder = step.destination.hasSuffix("/")
        let above = isFolder ? destination : destination.removingLastComponent()
        try writer.tree.makeFolders(above, owner: folderOwner)
        let merged = writer.tree.merged
        let place = try wrapping { () throws(SystemCallError) in try merged.resolve(destination) }
        if match.entry.isDirectory {
            if let found = place.found, !found.isDirectory {
                throw BuildError(.wrongKind("cannot copy to non-directory: \(destination)"))
            }
            let path = try writer.tree.makeFolders(
                destination,
                owner: folderOwner,
                mode: step.mode?.octal
            )
            try writer.copyContents(
                of: match.entry,
                by: selection.walk(match),
                to: path
            )
            return
        }
        var path = place.entry.path + place.missing
        if let found = place.found, found.isDirectory {
            guard let name = FilePath.Component(match.name) else {
                throw BuildError(.wrongKind("a file cannot replace the root folder"))
            }
            path.append(name)
        }
        try writer.copyFile(match.entry, to: path)
    }
}
