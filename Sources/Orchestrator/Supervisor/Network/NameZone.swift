import Addresses
import ContainerNetwork

/// The names that one container can resolve, apart from those of the rest of the world.
struct NameZone: Equatable {
    /// A container as others on one network see it.
    struct Member: Equatable {
        var names: [String]
        var addresses: [IPAddress]
        /// What an address is called when somebody asks backwards.
        var fullName: String
    }

    private var addresses: [String: [IPAddress]] = [:]
    private var names: [IPAddress: String] = [:]

    /// `links` are names that this container alone knows, with the names they stand for.
    init(_ members: [Member], links: [String: String] = [:]) {
        for member in members {
            for name in Set(member.names.map { $0.lowercased() }) {
                let new = member.addresses.filter { addresses[name]?.contains($0) != true }
                addresses[name, default: []] += new
            }
            for address in member.addresses { names[address] = member.fullName }
        }
        for (alias, target) in links {
            guard let found = addresses[target.lowercased()] else { continue }
            addresses[alias.lowercased()] = found
        }
    }

    /// What is known; nil when name or address is none of ours.
    func answer(_ lookup: NameLookup) -> NameAnswer? {
        switch lookup {
        case .addresses(let name): addresses[name].map { .addresses($0) }
        case .name(let address): names[address].map { .name($0) }
        }
    }
}
