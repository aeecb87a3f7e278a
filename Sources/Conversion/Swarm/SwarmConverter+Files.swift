import ComposeFile
import Crypto

extension SwarmConverter {
    /// The longest name of a config or secret.
    private static let nameLimit = 64

    /// The configs, whose content is copied beside the stack file.
    mutating func configs() throws(ConversionError) -> Node {
        var configs = Object()
        for (key, config) in project.configs.sorted(by: { $0.key < $1.key }) {
            guard !config.external else {
                configs.set(key, external(config.name ?? key))
                continue
            }
            let source = ContentReader.Source(config)
            var object = try content(source, "config", key, config.name)
            object.set("labels", Node.texts(config.labels).ifNotEmpty)
            object.set("template_driver", config.templateDriver)
            configs.set(key, .object(object))
        }
        return .object(configs)
    }

    /// The secrets, whose content is copied into files that only their owner may read.
    mutating func secrets() throws(ConversionError) -> Node {
        var secrets = Object()
        for (key, secret) in project.secrets.sorted(by: { $0.key < $1.key }) {
            guard !secret.external else {
                secrets.set(key, external(secret.name ?? key))
                continue
            }
            var object = Object()
            if let driver = secret.driver {
                object.set("name", name(secret.name, of: key))
                object.set("driver", driver)
                object.set("driver_opts", Node.texts(secret.driverOptions).ifNotEmpty)
            } else {
                if !secret.driverOptions.isEmpty {
                    notes.miss(["secrets", key, "driver_opts"], "they need a driver; name it")
                }
                let source = ContentReader.Source(secret)
                object = try content(source, "secret", key, secret.name)
            }
            object.set("labels", Node.texts(secret.labels).ifNotEmpty)
            object.set("template_driver", secret.templateDriver)
            secrets.set(key, .object(object))
        }
        return .object(secrets)
    }

    /// Copies a content into a file of its own.
    ///
    /// The engine does not change configs and secrets, so their names contain a hash of the
    /// content: a changed one has another name, and the services that use it are updated.
    private mutating func content(
        _ source: ContentReader.Source,
        _ kind: String,
        _ key: String,
        _ name: String?
    ) throws(ConversionError) -> Object {
        let bytes = try contents.content(source, kind, key, at: ["\(kind)s", key])
        let path = "\(kind)s/\(key)"
        files[path] = bytes
        let stem = name ?? "\(project.name)_\(key)"
        var object = Object()
        object.set("name", Self.hashed(stem, bytes))
        object.set("file", "./\(path)")
        return object
    }

    private static func hashed(_ name: String, _ bytes: [UInt8]) -> String {
        let digest = SHA256.hash(data: bytes).prefix(5)
        let hash = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return "\(name.prefix(nameLimit - hash.count - 1))-\(hash)"
    }
}
