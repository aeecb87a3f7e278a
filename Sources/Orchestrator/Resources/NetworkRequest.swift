import Addresses
import ContainerNetwork

/// A network as `network create` describes it.
public struct NetworkRequest: Sendable, Equatable {
    public var name: String
    public var driver = "bridge"
    public var addressDriver = "default"
    public var enablesIPv4 = true
    public var enablesIPv6 = false
    public var isInternal = false
    /// Subnets, each in the notation `172.28.0.0/16`.
    public var subnets: [String] = []
    /// Ranges to allocate addresses from; each is a part of one of the subnets.
    public var ranges: [String] = []
    /// Addresses of the bridge; each is in one of the subnets.
    public var gateways: [String] = []
    /// Addresses never to allocate, by the name of their device.
    public var reserved: [String: String] = [:]
    public var labels: [String: String] = [:]
    public var options: [String: String] = [:]

    public init(name: String) { self.name = name }
}

extension NetworkRequest {
    /// The network to create; throws for an invalid value, or an address outside of every subnet.
    func specification() throws(OrchestratorError) -> NetworkSpecification {
        guard driver == "bridge" else {
            throw .unsupportedDriver(driver, of: "network \(name)", known: ["bridge"])
        }
        guard addressDriver == "default" else {
            throw .unsupportedDriver(addressDriver, of: "network \(name).ipam", known: ["default"])
        }
        return NetworkSpecification(
            name: name,
            enableIPv4: enablesIPv4,
            enableIPv6: enablesIPv6,
            pools: try pools(),
            isInternal: isInternal,
            labels: labels,
            options: options
        )
    }

    private func pools() throws(OrchestratorError) -> [NetworkSpecification.Pool] {
        var pools: [NetworkSpecification.Pool] = []
        for text in subnets {
            guard let subnet = Subnet(text) else { throw invalid(text, "--subnet") }
            pools.append(NetworkSpecification.Pool(subnet: subnet))
        }
        for text in ranges {
            guard let range = Subnet(text) else { throw invalid(text, "--ip-range") }
            pools[try index(of: range.base, "--ip-range", text, in: pools)].range = range
        }
        for text in gateways {
            guard let gateway = IPAddress(text) else { throw invalid(text, "--gateway") }
            pools[try index(of: gateway, "--gateway", text, in: pools)].gateway = gateway
        }
        for (device, text) in reserved.sorted(by: { $0.key < $1.key }) {
            guard let address = IPAddress(text) else { throw invalid(text, "--aux-address") }
            let index = try index(of: address, "--aux-address", text, in: pools)
            pools[index].auxiliaryAddresses[device] = address
        }
        return pools
    }

    /// The subnet that an address belongs to.
    private func index(
        of address: IPAddress,
        _ option: String,
        _ text: String,
        in pools: [NetworkSpecification.Pool]
    ) throws(OrchestratorError) -> Int {
        if let index = pools.firstIndex(where: { $0.subnet.contains(address) }) { return index }
        throw .outsideSubnets(text, option: option)
    }

    private func invalid(_ text: String, _ option: String) -> OrchestratorError {
        .invalidAddress(text, attribute: option)
    }
}
