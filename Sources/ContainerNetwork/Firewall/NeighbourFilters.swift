import Linux

/// Other programs' packet filters that must accept the packets of our bridges.
///
/// A packet is forwarded only if every table accepts it, and Docker and ufw drop unknown packets.
/// Both have a chain for foreign rules, where ours accept what comes from or goes to one of our
/// bridges. They follow the administrator's own rules there, and our own table drops what must be
/// kept apart. firewalld has no such chain: there the bridges must be put into a trusted zone by
/// hand. ufw discards the rules when it is reloaded, until the network is created again.
struct NeighbourFilters {
    private struct Chain {
        var family: NFTables.Family
        var table: String
        var name: String

        var path: String { "\(family == .ipv4 ? "ip" : "ip6") \(table) \(name)" }
    }

    /// Identifies our rules, as their comment.
    let owner: String

    private static let chains = [
        Chain(family: .ipv4, table: "filter", name: "DOCKER-USER"),
        Chain(family: .ipv6, table: "filter", name: "DOCKER-USER"),
        Chain(family: .ipv4, table: "filter", name: "ufw-user-forward"),
        Chain(family: .ipv6, table: "filter", name: "ufw6-user-forward"),
    ]

    /// Adds the missing rules that accept packets from and to `bridge`; false if there is no such
    /// filter.
    func admit(_ bridge: String) throws(SystemCallError) -> Bool {
        let present = try present()
        for chain in present {
            let listing = try listing(of: chain)
            guard handles(of: bridge, in: listing).isEmpty else { continue }
            let place = Self.finalReturn(in: listing)
            let verb = place.map { "insert rule \(chain.path) handle \($0)" }
            let rules = ["iifname", "oifname"].map {
                "\(verb ?? "add rule \(chain.path)") \($0) \"\(bridge)\" "
                    + "accept comment \"\(owner)\"\n"
            }
            try NFTables.run(rules.joined())
        }
        return !present.isEmpty
    }

    /// Removes these rules if they exist.
    func forget(_ bridge: String) throws(SystemCallError) {
        for chain in try present() {
            let rules = handles(of: bridge, in: try listing(of: chain)).map {
                "delete rule \(chain.path) handle \($0)\n"
            }
            if !rules.isEmpty { try NFTables.run(rules.joined()) }
        }
    }

    private func present() throws(SystemCallError) -> [Chain] {
        var present: [Chain] = []
        for chain in Self.chains
        where try NFTables.exists(chain.family, table: chain.table, chain: chain.name) {
            present.append(chain)
        }
        return present
    }

    private func listing(of chain: Chain) throws(SystemCallError) -> [Substring] {
        try NFTables.run("list chain \(chain.path)", handles: true).split(separator: "\n")
    }

    private func handles(of bridge: String, in listing: [Substring]) -> [Substring] {
        listing.compactMap { line in
            guard line.contains("\"\(bridge)\""), line.contains("comment \"\(owner)\"") else {
                return nil
            }
            return Self.handle(of: line)
        }
    }

    /// The handle of an unconditional `return`, with which Docker ends its chain.
    private static func finalReturn(in listing: [Substring]) -> Substring? {
        let rule = listing.last { line in
            let words = line.split { $0 == " " || $0 == "\t" }
            return words.first == "return"
                || words.first == "counter" && words.dropFirst(5).first == "return"
        }
        return rule.flatMap(handle)
    }

    private static func handle(of rule: Substring) -> Substring? {
        rule.split(separator: " ").last
    }
}
