import Archive
import Dockerfile
import Linux
import SystemPackage

/// Performs COPY and ADD: fills an upper directory with the selected entries.
struct TransferJob {
    let step: TransferStep
    let selection: EntrySelection
    let base: LayeredTree

    func perform(in directory: FilePath) throws(BuildError) -> FilePath? {
        let upper = directory.appending("upper")
        let inline =
            step.files.isEmpty ? [] : try BuildError.during(writeInlineFiles(below: directory))
        guard !selection.matches.isEmpty || !inline.isEmpty else { return nil }
        let owner = try BuildError.during(findOwner())
        let below = step.isLink ? try BuildError.during(LayeredTree([])) : base
        let tree = try BuildError.during(DestinationTree(upper: upper, over: below))
        let writer = EntryWriter(
            tree: tree,
            mode: step.mode,
            owner: owner ?? (selection.isOfContext ? .root : nil),
            isOfContext: selection.isOfContext
        )
        for match in selection.matches {
            try place(match, with: writer, folderOwner: owner ?? .root)
        }
        let inlineWriter = EntryWriter(tree: tree, mode: step.mode, owner: owner ?? .root)
        for match in inline {
            try place(match, with: inlineWriter, folderOwner: owner ?? .root)
        }
        return upper
    }

    private func findOwner() throws(SystemCallError) -> Owner? {
        guard let text = step.owner else { return nil }
        return try UserTable(of: base).owner(text)
    }

    /// Writes the heredocs to files and returns them as matches.
    private func writeInlineFiles(
        below directory: FilePath
    ) throws(SystemCallError) -> [EntrySelection.Match] {
        let folder = directory.appending("inline")
        try FileSystem.makeDirectory(folder)
        var names: [FilePath.Component] = []
        for file in step.files {
            guard let name = FilePath.Component(file.name) else { continue }
            try AtomicFile.write(Array(file.content.utf8), to: folder.appending(name))
            names.append(name)
        }
        let tree = try LayeredTree([folder])
        var matches: [EntrySelection.Match] = []
        for name in names {
            guard let entry = try tree.child(name, of: tree.root) else { continue }
            matches.append(EntrySelection.Match(name: name.string, entry: entry))
        }
        return matches
    }

    private func place(
        _ match: EntrySelection.Match,
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
        let place = try BuildError.during(writer.tree.merged.resolve(destination))
        if match.entry.isDirectory {
            if let found = place.found, !found.isDirectory {
                throw BuildError(.wrongKind("cannot copy to non-directory: \(destination)"))
            }
            let path = try writer.tree.makeFolders(
                destination,
                owner: folderOwner,
                mode: step.mode?.octal
            )
            try writer.copyContents(of: match.entry, by: selection.walk(match), to: path)
            return
        }
        var path = place.entry.path + place.missing
        if let found = place.found, found.isDirectory {
            guard let name = FilePath.Component(match.name) else {
                throw BuildError(.wrongKind("a file cannot replace the root directory"))
            }
            path.append(name)
        }
        try writer.copyFile(match.entry, to: path)
    }
}
