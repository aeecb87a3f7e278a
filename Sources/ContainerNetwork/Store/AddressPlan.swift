import Addresses

/// Chooses the addresses of networks and endpoints; has no side effects.
enum AddressPlan {
    /// A block of addresses in use.
    struct Occupied {
        var subnet: Subnet
        /// The network that uses it, as it is named in messages; nil for the host's own routes and
        /// addresses, which an explicitly requested subnet may overlap.
        var network: String?
    }

    /// The default blocks, in order of preference; they are Docker's.
    static let candidates: [Subnet] =
        (17...31).compactMap { Subnet("172.\($0).0.0/16") }
        + (0..<16).compactMap { Subnet("192.168.\($0 * 16).0/20") }

    /// The pools of a new network.
    static func pools(
        for specification: NetworkSpecification,
        occupied: [Occupied]
    ) throws(NetworkError) -> [BridgeNetwork.Pool] {
        var pools: [BridgeNetwork.Pool] = []
        for isIPv4 in [true, false] {
            guard isIPv4 ? specification.enableIPv4 : specification.enableIPv6 else { continue }
            let asked = specification.pools.filter { $0.subnet.isIPv4 == isIPv4 }
            guard asked.count <= 1 else {
                throw .invalidPool(
                    network: specification.name,
                    reason: "two subnets of the same address family; remove one of them"
                )
            }
            if let asked = asked.first {
                pools.append(try pool(asked, network: specification.name, occupied: occupied))
            } else {
                let subnet = try freeSubnet(specification.name, isIPv4, occupied)
                let free = NetworkSpecification.Pool(subnet: subnet)
                pools.append(try pool(free, network: specification.name, occupied: occupied))
            }
        }
        guard !pools.isEmpty else {
            throw .invalidPool(
                network: specification.name,
                reason: "IPv4 and IPv6 are both disabled; enable one of them"
            )
        }
        return pools
    }

    private static func freeSubnet(
        _ network: String,
        _ isIPv4: Bool,
        _ occupied: [Occupied]
    ) throws(NetworkError) -> Subnet {
        // RFC 4193 requires a random block; a hash of the network's name serves as well.
        let random = shortHash(network, 14)
        let unique = (0..<16).compactMap { step in
            IPv6Address(
                "fd\(random.prefix(2)):\(random.dropFirst(2).prefix(4)):"
                    + "\(random.dropFirst(6).prefix(4)):\(random.dropFirst(10).prefix(3))"
                    + "\(String(step, radix: 16))::"
            ).flatMap { Subnet(.v6($0), prefixLength: 64) }
        }
        let free = (isIPv4 ? candidates : unique).first { candidate in
            !occupied.contains { $0.subnet.overlaps(candidate) }
        }
        guard let free else { throw .noFreeSubnet(network: network) }
        return free
    }

    private static func pool(
        _ wanted: NetworkSpecification.Pool,
        network: String,
        occupied: [Occupied]
    ) throws(NetworkError) -> BridgeNetwork.Pool {
        let subnet = wanted.subnet
        for other in occupied where other.subnet.overlaps(subnet) {
            if let name = other.network { throw .overlap(network: network, subnet, with: name) }
        }
        let range = wanted.range ?? subnet
        guard subnet.contains(range) else {
            throw .invalidPool(
                network: network,
                reason:
                    "ip_range \(range) is not part of subnet \(subnet); choose a range inside it"
            )
        }
        let reserved = Set(wanted.auxiliaryAddresses.values)
        for address in [wanted.gateway].compactMap(\.self) + reserved
        where !subnet.isUsable(address) {
            throw .outsideSubnet(network: network, address, [subnet])
        }
        let free = firstFree(in: subnet, of: subnet, taken: reserved)
        guard let gateway = wanted.gateway ?? free else {
            throw .noFreeAddress(network: network, subnet)
        }
        return BridgeNetwork.Pool(
            subnet: subnet,
            range: range,
            gateway: gateway,
            reserved: reserved.sorted { "\($0)" < "\($1)" }
        )
    }

    /// The lowest address of `range` that is usable in `subnet` and not taken.
    static func firstFree(
        in range: Subnet,
        of subnet: Subnet,
        taken: Set<IPAddress>
    ) -> IPAddress? {
        // At most this many addresses are taken or unusable.
        let limit = min(range.lastOffset, UInt64(taken.count) + 2)
        for offset in 0...limit {
            guard let address = range.address(at: offset) else { return nil }
            if subnet.isUsable(address), !taken.contains(address) { return address }
        }
        return nil
    }

    /// The address of a new endpoint: `fixed`, or else the first of `preferred` that is free, or
    /// else the lowest free one.
    static func address(
        in pool: BridgeNetwork.Pool,
        of network: String,
        fixed: IPAddress?,
        preferred: [IPAddress] = [],
        leased: [IPAddress: String]
    ) throws(NetworkError) -> IPAddress {
        guard let fixed else {
            let taken = Set(leased.keys).union(pool.reserved).union([pool.gateway])
            let former = preferred.first { address in
                pool.range.contains(address) && pool.subnet.isUsable(address)
                    && !taken.contains(address)
            }
            if let former { return former }
            guard let free = firstFree(in: pool.range, of: pool.subnet, taken: taken) else {
                throw .noFreeAddress(network: network, pool.range)
            }
            return free
        }
        guard pool.subnet.isUsable(fixed) else {
            throw .outsideSubnet(network: network, fixed, [pool.subnet])
        }
        if fixed == pool.gateway {
            throw .addressTaken(network: network, fixed, by: "the network's gateway")
        }
        if pool.reserved.contains(fixed) {
            throw .addressTaken(network: network, fixed, by: "an auxiliary address")
        }
        if let owner = leased[fixed] {
            throw .addressTaken(network: network, fixed, by: "container \(owner)")
        }
        return fixed
    }
}
