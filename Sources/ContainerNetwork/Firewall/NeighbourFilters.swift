import Linux

/// Packet filters of other programs that must let our bridges' packets pass.
///
/// A packet goes on only when every table accepts it; Docker and ufw refuse to forward what they
/// do not know. Each has a chain for rules of others, where ours accept what comes from or goes
/// to one of our bridges; what must be kept apart, our own table drops. firewalld has no such
/// chain: there the bridges must be put into a trusting zone by hand. ufw forgets the rules when
/// it is reloaded, until the network is made anew.
struct NeighbourFilters {
    private struct Chain {
        var family: NFTables.Family
        var table: String
        var name: String

        var words: String { "\(family == .ipv4 ? "ip" : "ip6") \(table) \(name)" }
    }

    /// Marks our rules, as their comment.
    let owner: String

    private static let chains = [
        Chain(family: .ipv4, table: "filter", name: "DOCKER-USER"),
        Chain(family: .ipv6, table: "filter", name: "DOCKER-USER"),
        Chain(family: .ipv4, table: "filter", name: "ufw-user-forward"),
        Chain(family: .ipv6, table: "filter", name: "ufw6-user-forward"),
    ]

    /// Adds rules that accept packets from and to `bridge`, where they are missing.
    func admit(_ bridge: String) throws(SystemCallError) {
        for chain in try present() where try handles(of: bridge, in: chain).isEmpty {
            let rules = ["iifname", "oifname"].map {
                "insert rule \(chain.words) \($0) \"\(bridge)\" accept comment \"\(owner)\"\n"
            }
            try NFTables().run(rules.joined())
        }
    }

    /// Removes these rules where they are.
    func forget(_ bridge: String) throws(SystemCallError) {
        for chain in try present() {
            let rules = try handles(of: bridge, in: chain).map {
                "delete rule \(chain.words) handle \($0)\n"
            }
            if !rules.isEmpty { try NFTables().run(rules.joined()) }
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

    private func handles(of bridge: String, in chain: Chain) throws(SystemCallError) -> [String] {
        let listing = try NFTables().run("list chain \(chain.words)", handles: true)
        return listing.split(separator: "\n").compactMap { line in
            guard line.contains("\"\(bridge)\""), line.contains("comment \"\(owner)\"") else {
                return nil
            }
            return line.split(separator: " ").last.map(String.init)
        }
    }
}
