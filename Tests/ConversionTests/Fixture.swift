import ComposeFile
import Conversion

/// Projects loaded from text.
enum Fixture {
    static let contents = [
        "/work/sec": "secret\n", "/work/conf": "setting\n", "/work/a": "a\n",
        "/work/other": "other\n", "/work/a.env": "FROM_FILE=1\nAPI_TOKEN=2\n",
        "/work/text": "text\n", "/work/site.conf": "server {}\n",
        "/work/other.yaml": "services: {o: {image: o}}",
    ]

    static func files(_ more: [String: [UInt8]] = [:]) -> FileAccess {
        let all = contents.mapValues { Array($0.utf8) }.merging(more) { $1 }
        return FileAccess(
            currentDirectory: "/work",
            home: "/root",
            read: { (path) throws(FileAccess.Failure) in
                guard let bytes = all[path] else { throw FileAccess.Failure("no such file") }
                return bytes
            },
            kind: { all[$0] == nil ? nil : .file },
            realPath: { $0 }
        )
    }

    /// Loads the files, in order of their names.
    static func project(_ texts: [String: String]) throws -> Project {
        var options = LoadOptions()
        options.projectName = "demo"
        options.environment = ["VARIABLE": "value"]
        options.files = texts.keys.sorted()
        let pairs = texts.map { ("/work/\($0.key)", Array($0.value.utf8)) }
        var warnings: [ComposeWarning] = []
        return try Project(
            loading: options,
            files: files(Dictionary(pairs) { $1 }),
            warnings: &warnings
        )
    }

    static func kubernetes(_ text: String) throws -> Conversion {
        try KubernetesConverter.convert(project(["compose.yaml": text]), files: files())
    }
}

extension Conversion {
    /// The text of the file at a path; empty if there is none.
    func text(_ path: String) -> String {
        String(decoding: files.first { $0.path == path }?.content ?? [], as: UTF8.self)
    }

    /// The outcome of the attribute with a name.
    func outcome(_ name: String) -> Outcome? {
        report.entries.first { $0.name == name }?.outcome
    }
}
