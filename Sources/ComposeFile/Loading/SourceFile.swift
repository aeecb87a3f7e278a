import YAML

/// A parsed Compose file.
struct SourceFile {
    /// The absolute path; `-` means standard input.
    let path: String
    let documents: [YAMLDocument]

    /// The project name in the file, from the last document that has one.
    var projectName: YAMLNode? {
        documents.compactMap { $0.root.mapping?["name"] }.last { $0.string?.isEmpty == false }
    }
}

extension SourceFile {
    /// The value of `x-project` in the file.
    var projectRule: YAMLNode? { documents.compactMap { $0.root.mapping?["x-project"] }.last }
}

extension FileAccess {
    /// Reads and parses a Compose file.
    func source(_ path: String) throws(ComposeErrors) -> SourceFile {
        let name = shown(path)
        let bytes = try bytes(of: path)
        do {
            return SourceFile(path: path, documents: try YAMLDocument.all(in: bytes, file: name))
        } catch {
            throw ComposeErrors(.loading(.yaml(error.problem)), at: error.location)
        }
    }

    /// Reads a file; throws an error located at it.
    func bytes(of path: String) throws(ComposeErrors) -> [UInt8] {
        let location = SourceLocation(file: shown(path), line: 0, column: 0)
        guard kind(path) != .directory else {
            throw ComposeErrors(.loading(.notAFile(path)), at: location)
        }
        do {
            return try read(path)
        } catch {
            throw ComposeErrors(.loading(.unreadable(path, reason: error.reason)), at: location)
        }
    }

    /// Adds the variables of env files to `environment`; existing ones take precedence.
    func addVariables(
        of envFiles: [String],
        to environment: inout [String: String],
        warnings: inout [ComposeWarning]
    ) throws(ComposeErrors) {
        let known = environment
        var added: [String: String] = [:]
        for path in envFiles {
            guard kind(path) != nil else {
                let location = SourceLocation(file: shown(path), line: 0, column: 0)
                throw ComposeErrors(.loading(.missingEnvFile(path)), at: location)
            }
            let bytes = try bytes(of: path)
            try Dotenv.parse(bytes, file: shown(path), into: &added, warnings: &warnings) {
                known[$0]
            }
        }
        environment.merge(added) { known, _ in known }
    }
}
