import AsyncHTTPClient
import FoundationEssentials
import NIOHTTP1
import OCI

/// The credentials and the current token for a registry.
///
/// Source: Distribution, "Token Authentication Specification" and "OAuth2 token authentication".
actor TokenAuthority {
    private let endpoint: RegistryEndpoint
    private let credentials: Credentials
    /// The scope of the token, for example `repository:library/debian:pull`.
    private let scope: String
    private var current: String?
    private var login: Credentials.Login?
    private var isLoginKnown = false

    init(endpoint: RegistryEndpoint, credentials: Credentials, scope: String) {
        self.endpoint = endpoint
        self.credentials = credentials
        self.scope = scope
    }

    /// The last accepted `Authorization` header.
    func header() -> String? { current }

    func hasLogin() async throws(RegistryError) -> Bool { try await knownLogin() != nil }

    /// The header for `challenge`; `stale` has just been rejected.
    func header(
        answering challenge: Challenge,
        insteadOf stale: String?,
        session: Session
    ) async throws(RegistryError) -> String? {
        // A concurrent request may have obtained a new one.
        if let current, current != stale { return current }
        let login = try await knownLogin()
        switch challenge {
        case .basic:
            guard let login,
                endpoint.scheme == "https" || RegistryEndpoint.isLoopback(endpoint.authority)
            else {
                throw RegistryError(.unauthorized(hasCredentials: false), in: endpoint.domain)
            }
            current = login.basic
        case .bearer(let realm, let service, let scope):
            let exchange = TokenExchange(
                realm: realm,
                service: service,
                scope: scope ?? self.scope,
                login: login,
                domain: endpoint.domain
            )
            current = try await "Bearer " + exchange.token(session)
        }
        return current
    }

    private func knownLogin() async throws(RegistryError) -> Credentials.Login? {
        if !isLoginKnown {
            login = try await credentials.login(for: endpoint.domain)
            isLoginKnown = true
        }
        return login
    }
}

/// Obtains a token from a registry's token server.
private struct TokenExchange {
    var realm: String
    var service: String?
    var scope: String
    var login: Credentials.Login?
    var domain: String

    private struct Answer: Decodable {
        var token: String?
        var accessToken: String?

        private enum CodingKeys: String, CodingKey {
            case token
            case accessToken = "access_token"
        }
    }

    func token(_ session: Session) async throws(RegistryError) -> String {
        guard let origin = Origin(realm), origin.isSecure else {
            let fault = "a token server without encryption: '\(realm)'"
            throw RegistryError(.hostile(fault), in: domain)
        }
        let response = try await session.once(request, url: address, authorization: authorization)
        guard response.status != .unauthorized, response.status != .forbidden else {
            throw RegistryError(.unauthorized(hasCredentials: login != nil), in: domain)
        }
        try await session.requireSuccess(response, [200])
        let bytes = try await session.document(of: response)
        // Any other document counts as a missing token.
        let answer = try? JSONDecoder().decode(Answer.self, from: Data(bytes))
        guard let token = answer?.token ?? answer?.accessToken, Self.isToken(token) else {
            throw RegistryError(.hostile("a token response without a token"), in: domain)
        }
        return token
    }

    /// An identity token is exchanged with a form, other credentials with a query.
    private var isForm: Bool { login?.isIdentityToken ?? false }

    private var address: String { isForm ? realm : realm + separator + query(parameters) }

    private var separator: String { realm.contains("?") ? "&" : "?" }

    private var authorization: String? { isForm ? nil : login?.basic }

    private var parameters: [(String, String)] {
        var parameters = service.map { [("service", $0)] } ?? []
        parameters += scope.split(separator: " ").map { ("scope", String($0)) }
        return parameters
    }

    private var request: Session.Request {
        guard isForm, let login else { return Session.Request(url: realm) }
        var form = [("grant_type", "refresh_token"), ("refresh_token", login.secret)]
        form += [("client_id", "swiftcompose"), ("scope", scope)]
        if let service { form.append(("service", service)) }
        let text = query(form)
        return Session.Request(
            method: .POST,
            url: realm,
            headers: [("content-type", "application/x-www-form-urlencoded")],
            body: { .bytes(Array(text.utf8)) }
        )
    }

    private func query(_ parameters: [(String, String)]) -> String {
        parameters.map { "\($0)=\($1.percentEncoded)" }.joined(separator: "&")
    }

    /// A token is sent in a header, where a newline would start another one.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64 << 10
            && text.utf8.allSatisfy { $0 > 32 && $0 < 127 }
    }
}

extension String {
    /// The text as a value in a query or form. Source: RFC 3986, 2.3.
    var percentEncoded: String {
        utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            if character.isASCII, character.isLetter || character.isNumber { return "\(character)" }
            if "-._~".contains(character) { return "\(character)" }
            return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}
