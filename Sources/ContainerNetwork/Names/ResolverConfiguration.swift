public import Addresses
import Linux
import SystemPackage

/// How names are looked up: the content of `/etc/resolv.conf`. Source: resolv.conf(5).
public struct ResolverConfiguration: Equatable, Sendable {
    public var nameServers: [IPAddress]
    /// Domains in which a short name is looked up too.
    public var search: [String]
    /// As they are written, such as `ndots:0`.
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

    /// Reads what it understands; other lines mean nothing to a resolver either.
    public init(parsing text: String) {
        self.init()
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
            guard let keyword = words.first else { continue }
            switch keyword {
            case "nameserver":
                // A zone behind `%` names an interface; such an address cannot be asked alone.
                if words.count > 1, let address = IPAddress(words[1]) {
                    nameServers.append(address)
                }
            case "search", "domain": search = Array(words.dropFirst()).filter { $0 != "." }
            case "options": options += words.dropFirst()
            default: break
            }
        }
    }

    /// What the host itself uses now; nothing when it has no such file.
    public static func ofHost() -> ResolverConfiguration {
        // No file is no name server, which is for the caller to see.
        ResolverConfiguration(parsing: (try? FileSystem.readText("/etc/resolv.conf")) ?? "")
    }

    /// The content of `/etc/resolv.conf` for it.
    public var text: String {
        var lines = nameServers.map { "nameserver \($0)" }
        if !search.isEmpty { lines.append("search \(search.joined(separator: " "))") }
        if !options.isEmpty { lines.append("options \(options.joined(separator: " "))") }
        return lines.map { "\($0)\n" }.joined()
    }
}

extension ResolverConfiguration {
    /// What a container on our networks gets: our name server, which asks `host`'s for the rest.
    ///
    /// An empty `search` or `options` is taken from the host. `ndots:0` makes a service's short
    /// name be asked for as it is first.
    public static func forContainer(
        search: [String] = [],
        options: [String] = [],
        host: ResolverConfiguration
    ) -> ResolverConfiguration {
        let chosen = options.isEmpty ? host.options : options
        let hasDots = chosen.contains { $0.hasPrefix("ndots:") }
        return ResolverConfiguration(
            nameServers: [.v4(nameServerAddress)],
            // A single dot asks for no search at all. Source: Compose Specification, dns_search.
            search: (search.isEmpty ? host.search : search).filter { $0 != "." },
            options: hasDots ? chosen : chosen + ["ndots:0"]
        )
    }
}
