public import Addresses
import Linux
import SystemPackage

/// The configuration of the resolver: the content of `/etc/resolv.conf`. Source: resolv.conf(5).
public struct ResolverConfiguration: Equatable, Sendable {
    public var nameServers: [IPAddress]
    /// The domains in which short names are also looked up.
    public var search: [String]
    /// Verbatim, such as `ndots:0`.
    public var options: [String]

    public init(
        nameServers: [IPAddress] = [],
        search: [String] = [],
        options: [String] = []
    ) {
        self.nameServers = nameServers
        self.search = search
        self.options = options
    }

    /// Parses known lines; a resolver ignores others too.
    public init(parsing text: String) {
        self.init()
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard let keyword = words.first else { continue }
            switch keyword {
            case "nameserver":
                // An address with a zone (`%eth0`) cannot be used without its interface.
                if words.count > 1, let address = IPAddress(words[1]) {
                    nameServers.append(address)
                }
            case "search", "domain": search = Array(words.dropFirst()).filter { $0 != "." }
            case "options": options += words.dropFirst()
            default: break
            }
        }
    }

    /// The host's current configuration; empty if the file does not exist.
    public static func ofHost() -> ResolverConfiguration {
        ResolverConfiguration(parsing: (try? FileSystem.readText("/etc/resolv.conf")) ?? "")
    }

    /// The content of `/etc/resolv.conf`.
    public var text: String {
        var lines = nameServers.map { "nameserver \($0)" }
        if !search.isEmpty { lines.append("search \(search.joined(separator: " "))") }
        if !options.isEmpty { lines.append("options \(options.joined(separator: " "))") }
        return lines.map { "\($0)\n" }.joined()
    }
}

extension ResolverConfiguration {
    /// The configuration of a container on our networks: our name server, which forwards other
    /// questions to `host`'s servers.
    ///
    /// An empty `search` or `options` is taken from the host. `ndots:0` makes the resolver ask for
    /// a service's short name before it appends a search domain.
    public static func forContainer(
        search: [String] = [],
        options: [String] = [],
        host: ResolverConfiguration
    ) -> ResolverConfiguration {
        let chosen = options.isEmpty ? host.options : options
        let hasDots = chosen.contains { $0.hasPrefix("ndots:") }
        return ResolverConfiguration(
            nameServers: [.v4(nameServerAddress)],
            // A single dot disables the search. Source: Compose Specification, dns_search.
            search: (search.isEmpty ? host.search : search).filter { $0 != "." },
            options: hasDots ? chosen : chosen + ["ndots:0"]
        )
    }
}
