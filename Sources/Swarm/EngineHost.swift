import ComposeFile
import Crypto
public import SystemPackage

/// The address of a Docker Engine's API.
public struct EngineHost: Sendable, Equatable {
    /// The address as it was given: `unix:///PATH` or `tcp://HOST:PORT`.
    public var address: String
    /// The directory with `ca.pem`, `cert.pem` and `key.pem`; nil without TLS.
    public var certificates: FilePath?

    /// Where the user asks for an engine.
    public struct Choice: Sendable {
        /// `--host`.
        public var host: String?
        /// `--context`.
        public var context: String?
        public var environment: [String: String]
        /// Reads a file; nil if there is none.
        public var read: @Sendable (FilePath) -> String?

        public init(
            host: String?,
            context: String?,
            environment: [String: String],
            read: @escaping @Sendable (FilePath) -> String?
        ) {
            self.host = host
            self.context = context
            self.environment = environment
            self.read = read
        }
    }
}

extension EngineHost {
    /// Finds the engine as docker's client does: options first, then `DOCKER_HOST`,
    /// `DOCKER_CONTEXT` and the current context of `config.json`.
    ///
    /// Source: docker/cli, the reference of `docker context`.
    public init(_ choice: Choice) throws(EngineError) {
        let environment = choice.environment
        let directory =
            environment["DOCKER_CONFIG"].map { FilePath($0) }
            ?? FilePath(environment["HOME"] ?? "/root").appending(".docker")
        let named = choice.context ?? environment["DOCKER_CONTEXT"]
        let host = environment["DOCKER_HOST"].flatMap { $0.isEmpty ? nil : $0 }
        let context: String?
        if choice.host != nil || (host != nil && choice.context == nil) {
            context = nil
        } else {
            context = named ?? Self.currentContext(directory, choice)
        }
        if let context, !context.isEmpty, context != "default" {
            self = try Self.of(context: context, directory, choice)
        } else {
            address = choice.host ?? host ?? "unix:///var/run/docker.sock"
            let usesTLS = ["DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH"].contains {
                environment[$0]?.isEmpty == false
            }
            if usesTLS, address.hasPrefix("tcp://") {
                certificates = environment["DOCKER_CERT_PATH"].map { FilePath($0) } ?? directory
            }
        }
        if address.hasPrefix("ssh://") {
            throw .unsupportedTransport(
                address,
                remedy:
                    "forward the socket: ssh -L /tmp/engine.sock:/var/run/docker.sock HOST, and "
                    + "use --host unix:///tmp/engine.sock"
            )
        }
    }

    private static func currentContext(_ directory: FilePath, _ choice: Choice) -> String? {
        let text = choice.read(directory.appending("config.json"))
        return text.flatMap { Value(parsingJSON: $0) }?["currentContext"]?.text
    }

    private static func of(
        context: String,
        _ directory: FilePath,
        _ choice: Choice
    ) throws(EngineError) -> EngineHost {
        let digest = SHA256.hash(data: Array(context.utf8))
        let id = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let contexts = directory.appending("contexts")
        let file = contexts.appending("meta").appending(id).appending("meta.json")
        guard
            let host = choice.read(file).flatMap({ Value(parsingJSON: $0) })?["Endpoints"]?[
                "docker"
            ]?["Host"]?.text
        else { throw .noSuchContext(context) }
        let keys = contexts.appending("tls").appending(id).appending("docker")
        let hasKeys = choice.read(keys.appending("ca.pem")) != nil
        return EngineHost(address: host, certificates: hasKeys ? keys : nil)
    }

    /// The beginning of the URL of each request.
    var baseURL: String {
        get throws(EngineError) {
            if let path = address.suffix(after: "unix://"), path.hasPrefix("/") {
                return "http+unix://" + Self.escaped(path)
            }
            if let place = address.suffix(after: "tcp://"), !place.isEmpty {
                return (certificates == nil ? "http://" : "https://") + place
            }
            if address.hasPrefix("http://") || address.hasPrefix("https://") { return address }
            throw .invalidHost(address)
        }
    }

    /// A text as one component of a URL. Source: RFC 3986, section 2.3.
    static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(Unicode.Scalar(byte))
            if character.isASCII,
                character.isLetter || character.isNumber || "-._~".contains(character)
            {
                return String(character)
            }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

extension String {
    fileprivate func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
