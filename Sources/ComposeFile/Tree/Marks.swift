import YAML

extension YAMLNode {
    /// Removes the nodes that the marks of another document reset or override.
    ///
    /// Marks within a list have no effect, as its elements have no names.
    func removing(_ marks: [YAMLMark]) -> YAMLNode {
        var result = self
        for mark in marks { result.remove(mark.path[...]) }
        return result
    }

    /// Removes the attributes of a service that its marks reset or override.
    func removing(_ marks: [YAMLMark], ofService name: String) -> YAMLNode {
        var result = self
        for mark in marks where mark.path.count > 2 && mark.path.starts(with: ["services", name]) {
            result.remove(mark.path.dropFirst(2))
        }
        return result
    }

    private mutating func remove(_ path: ArraySlice<String>) {
        guard let key = path.first else { return }
        changeMapping { mapping in
            if path.count == 1 {
                mapping.removeValue(forKey: key)
            } else {
                mapping.change(key) { $0.remove(path.dropFirst()) }
            }
        }
    }
}
