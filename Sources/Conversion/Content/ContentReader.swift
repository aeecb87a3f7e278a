import ComposeFile
import YAML

/// Reads the content of configs, secrets and mounted files.
struct ContentReader {
    /// The origin of a content.
    enum Source {
        case file(String)
        case text(String?)
    }

    /// The largest content of a secret that an engine accepts, in bytes.
    static let secretLimit = 500 * 1024
    /// The largest content of a config, in bytes, which leaves room for metadata.
    static let configLimit = 1000 * 1024

    let project: Project
    let access: FileAccess

    /// Reads content and checks its size.
    func content(
        _ source: Source,
        _ kind: String,
        _ name: String,
        at path: [String]
    ) throws(ConversionError) -> [UInt8] {
        let location = project.source.location(of: path)
        let bytes: [UInt8]
        switch source {
        case .file(let file):
            do throws(FileAccess.Failure) {
                bytes = try access.read(file)
            } catch {
                throw ConversionError(
                    .unreadable(kind, name: name, reason: error.reason),
                    at: location
                )
            }
        case .text(let text?): bytes = Array(text.utf8)
        case .text(nil): throw ConversionError(.noContent(kind, name: name), at: location)
        }
        let limit = kind == "secret" ? Self.secretLimit : Self.configLimit
        guard bytes.count <= limit else {
            let problem = ConversionError.Problem.contentTooLarge(
                kind,
                name: name,
                bytes: bytes.count,
                limit: limit
            )
            throw ConversionError(problem, at: location)
        }
        return bytes
    }
}

extension ContentReader.Source {
    init(_ config: ConfigDefinition) {
        self = config.file.map(Self.file) ?? .text(config.content)
    }

    init(_ secret: SecretDefinition) {
        self = secret.file.map(Self.file) ?? .text(secret.content)
    }
}
