/// The proxy selected by the environment. Source: curl(1), "ENVIRONMENT".
struct ProxyChoice {
    var environment: [String: String]

    /// The proxy for a registry; nil for a direct connection.
    func proxy(for endpoint: RegistryEndpoint) -> (host: String, port: Int)? {
        proxy(endpoint.scheme, endpoint.authority)
    }

    /// The proxy for a URL; nil for a direct connection.
    func proxy(for origin: Origin) -> (host: String, port: Int)? {
        proxy(origin.scheme, origin.authority)
    }

    private func proxy(_ scheme: String, _ authority: String) -> (host: String, port: Int)? {
        let host = Origin.host(of: authority)
        guard !RegistryEndpoint.isLoopback(authority), !isExempt(host) else { return nil }
        let name = scheme + "_proxy"
        guard let value = environment[name] ?? environment[name.uppercased()], !value.isEmpty
        else { return nil }
        let address = value.contains("://") ? value : "http://" + value
        guard let origin = Origin(address) else { return nil }
        let proxy = Origin.host(of: origin.authority)
        let port = origin.authority.dropFirst(proxy.count).drop { $0 == ":" }
        return (proxy, Int(port) ?? (origin.scheme == "https" ? 443 : 80))
    }

    private func isExempt(_ host: String) -> Bool {
        let list = environment["no_proxy"] ?? environment["NO_PROXY"] ?? ""
        return list.split(separator: ",").contains { entry in
            let name = entry.drop { $0 == " " || $0 == "." || $0 == "*" }.lowercased()
            return entry == "*" || !name.isEmpty && (host == name || host.hasSuffix("." + name))
        }
    }
}
