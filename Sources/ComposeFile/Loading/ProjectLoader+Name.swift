import YAML

extension ProjectLoader {
    /// The name that `tree()` would find, without reading the files for more than it.
    ///
    /// Nil where only the tree tells, or where it will tell what is wrong. What else the files hold
    /// is not looked at, so a name does not mean that they can be loaded.
    public func nameAlone() -> String? {
        // Every fault found here is found again by the tree, and told there.
        guard let name = try? name(), !name.isEmpty else { return nil }
        return name
    }

    private func name() throws(ComposeErrors) -> String? {
        let search = try ProjectSearch(options, files: files)
        guard !search.paths.isEmpty, search.paths.allSatisfy(isThere) else { return nil }
        if let given = try search.givenName() { return given }
        for path in search.paths.reversed() {
            // What can be read once is left to the tree.
            guard path != "-", files.kind(path) == .file else { return nil }
            switch try writtenName(in: path) {
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

    private func writtenName(in path: String) throws(ComposeErrors) -> RootText {
        let bytes = try files.bytes(of: path)
        do {
            return try RootText(of: "name", in: bytes, file: files.shown(path))
        } catch {
            throw ComposeErrors(.loading(.yaml(error.problem)), at: error.location)
        }
    }
}
