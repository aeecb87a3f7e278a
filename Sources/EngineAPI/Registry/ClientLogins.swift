import FoundationEssentials
import NIOHTTP1
import Registry

/// The logins for registries that a client sends along with a request.
///
/// They are JSON in base64 for URLs. Clients without a login send no header, an empty one, `null` or
/// an empty object, and some leave out the padding. Source: Engine API, "Authentication".
enum ClientLogins {
    /// The login of `X-Registry-Auth`, for the registry `domain`.
    static func credentials(
        of request: Request,
        for domain: String
    ) throws(EngineError) -> Credentials {
        let header = "X-Registry-Auth"
        guard let login = try login(in: document(of: request, header), header) else {
            return Credentials()
        }
        return Credentials([domain: login])
    }

    /// The logins of `X-Registry-Config`, by registry.
    static func credentials(of request: Request) throws(EngineError) -> Credentials {
        let header = "X-Registry-Config"
        var logins: [String: RegistryLogin] = [:]
        for (address, entry) in try document(of: request, header).object {
            logins[RegistryLogin.domain(ofAddress: address)] = try login(in: entry, header)
        }
        return Credentials(logins)
    }

    /// The login in a document; nil if it has none. `source` is its name in messages.
    static func login(in document: JSON, _ source: String) throws(EngineError) -> RegistryLogin? {
        if let token = document["registrytoken"].string, !token.isEmpty {
            throw .unsupported(source, "'registrytoken' is not supported")
        }
        let token = document["identitytoken"].string ?? ""
        let user = document["username"].string ?? ""
        guard !token.isEmpty || !user.isEmpty else { return nil }
        return RegistryLogin(
            user: user,
            password: document["password"].string ?? "",
            identityToken: token
        )
    }

    private static func document(
        of request: Request,
        _ header: String
    ) throws(EngineError) -> JSON {
        guard let text = request.head.headers.first(name: header), !text.isEmpty else {
            return .null
        }
        guard let bytes = decode(text) else { throw .badRequest("\(header): invalid base64") }
        guard !bytes.isEmpty else { return .null }
        do {
            return try JSON(parsing: bytes)
        } catch {
            throw .badRequest("\(header): \(error)")
        }
    }

    /// Decodes base64 in either alphabet, with or without padding.
    static func decode(_ text: String) -> [UInt8]? {
        var plain = text.filter { $0 != "=" }
            .replacing("-", with: "+").replacing("_", with: "/")
        plain += String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        return Data(base64Encoded: plain).map { Array($0) }
    }
}
