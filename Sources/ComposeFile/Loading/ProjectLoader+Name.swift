import YAML

extension ProjectLoader {
    /// The project name that `tree()` would determine, found without building the tree.
    ///
    /// Nil if only the tree can determine the name or report what is wrong. The rest of the files is
    /// not examined, so the presence of a name does not mean that they can be loaded.
    public func nameAlone() -> String? {
        // Every error found here is found again, and reported, while the tree is built.
        guard let name = try? name(), !name.isEmpty else { return nil }
        return name
    }

    private func name() throws(ComposeErrors) -> String? {
        let search = try ProjectSearch(options, files: files)
        guard !search.paths.isEmpty, search.paths.allSatisfy(isThere) else { return nil }
        if let given = try search.givenName() { return given }
        for path in search.paths.reversed() {
            // A stream can be read only once, so it is left to the tree.
            guard path != "-", files.kind(path) == .file else { return nil }
            // The rule applies whichever file has it, which the tree finds out.
            guard case .absent = try writtenText("x-project", in: path) else { return nil }
            switch try writtenText("name", in: path) {
            case .absent: continue
            case .text(let text, let location):
                return try search.name(written: YAMLNode(.string(text), at: location))
            case .unclear: return nil
            }
        }
        return try search.name(written: nil)
    }

    private func isThere(_ path: String) -> Bool {
        guard path != "-" else { return true }
        return path.hasPrefix("/") && files.isReadable(path)
    }

    private func writtenText(
        _ key: String,
        in path: String
    ) throws(ComposeErrors) -> RootText {
        let bytes = try files.bytes(of: path)
        do {
            return try RootText(of: key, in: bytes, file: files.shown(path))
        } catch {
            throw ComposeErrors(.loading(.yaml(error.problem)), at: error.location)
        }
    }
}
