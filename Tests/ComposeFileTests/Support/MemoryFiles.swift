import Testing
import YAML

@testable import ComposeFile

/// In-memory files by absolute path.
struct MemoryFiles {
    var files: [String: String]
    var links: [String: String] = [:]
    var currentDirectory = "/work"

    var access: FileAccess {
        let files = files
        let links = links
        return FileAccess(
            currentDirectory: currentDirectory,
            home: "/home/me",
            read: { (path) throws(FileAccess.Failure) in
                guard let text = files[path] else {
                    throw FileAccess.Failure("no such file or directory")
                }
                return Array(text.utf8)
            },
            kind: { path in
                if files[path] != nil { return .file }
                return files.keys.contains { $0.hasPrefix(path + "/") } ? .directory : nil
            },
            realPath: { links[$0] ?? $0 }
        )
    }

    /// Loads the tree of the project selected by the options.
    func load(_ options: LoadOptions = LoadOptions()) throws(ComposeErrors) -> LoadedTree {
        try ProjectLoader(options, files: access).tree()
    }

    /// Loads the tree of `/work/compose.yaml` with an environment.
    func tree(_ environment: [String: String] = [:]) throws(ComposeErrors) -> YAMLNode {
        var options = LoadOptions()
        options.environment = environment
        return try load(options).root
    }
}

extension MemoryFiles: ExpressibleByDictionaryLiteral {
    init(dictionaryLiteral elements: (String, String)...) {
        files = Dictionary(uniqueKeysWithValues: elements)
    }
}

extension YAMLNode {
    /// The value at a path of keys and indices.
    func at(_ path: String) -> YAMLNode? {
        var node = self
        for key in path.split(separator: ".") {
            if let position = Int(key), let elements = node.sequence {
                guard elements.indices.contains(position) else { return nil }
                node = elements[position]
            } else {
                guard let next = node.mapping?[String(key)] else { return nil }
                node = next
            }
        }
        return node
    }

    /// The strings of a list.
    func texts(_ path: String) -> [String]? {
        at(path)?.sequence?.map { $0.string ?? $0.kind }
    }
}

/// Parses a tree; fails the test if the text is invalid.
func node(_ text: String, file: String = "compose.yaml") throws -> YAMLNode {
    try #require(try YAMLNode(parsing: text, file: file))
}
