import OCI
import SystemPackage

/// The address of a registry's API.
struct RegistryEndpoint: Sendable, Hashable {
    /// The registry's name in references, for example `docker.io`.
    let domain: String
    let scheme: String
    /// Host and port.
    let authority: String

    init(_ domain: String, hasCertificates: Bool) {
        self.domain = domain
        authority = domain == "docker.io" ? "registry-1.docker.io" : domain
        scheme = Self.isLoopback(domain) && !hasCertificates ? "http" : "https"
    }

    /// The URL of `path` below `/v2/`.
    func url(_ path: String) -> String { "\(scheme)://\(authority)/v2/\(path)" }

    /// Whether a host, with or without port, is localhost, for which plain HTTP is safe.
    static func isLoopback(_ authority: String) -> Bool {
        let host = Origin.host(of: authority)
        if host == "localhost" || host == "[::1]" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// The origin of a URL: scheme, host and port, to which credentials are bound.
struct Origin: Hashable, Sendable {
    let scheme: String
    let authority: String

    /// Nil if `url` is not an absolute HTTP URL.
    init?(_ url: String) {
        for scheme in ["https", "http"] where url.lowercased().hasPrefix(scheme + "://") {
            let rest = url.dropFirst(scheme.count + 3)
            let authority = rest.prefix { !"/?#".contains($0) }.lowercased()
            // A user name before an @ can disguise the host.
            guard !authority.isEmpty, !authority.contains("@"),
                url.unicodeScalars.allSatisfy({ $0.value > 32 && $0.value < 127 })
            else { return nil }
            self.scheme = scheme
            let port = scheme == "https" ? ":443" : ":80"
            self.authority =
                authority.hasSuffix(port)
                ? String(authority.dropLast(port.count)) : authority
            return
        }
        return nil
    }

    /// Whether the connection is encrypted or local.
    var isSecure: Bool { scheme == "https" || RegistryEndpoint.isLoopback(authority) }

    /// The host without the port.
    static func host(of authority: String) -> String {
        if authority.hasPrefix("[") {
            return authority.firstIndex(of: "]").map { String(authority[...$0]) } ?? authority
        }
        return authority.firstIndex(of: ":").map { String(authority[..<$0]) } ?? authority
    }

    /// Resolves the redirect target `location` relative to `url`; nil if it is not a valid URL.
    static func resolve(_ location: String, at url: String) -> String? {
        if Origin(location) != nil { return location }
        guard location.hasPrefix("/"), !location.hasPrefix("//"), let origin = Origin(url) else {
            return nil
        }
        let address = "\(origin.scheme)://\(origin.authority)\(location)"
        return Origin(address) == nil ? nil : address
    }
}
