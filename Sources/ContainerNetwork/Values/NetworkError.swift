public import Addresses
public import Linux

/// What went wrong with a network, told so that the reader can mend it.
public enum NetworkError: Error, Equatable, Sendable {
    /// The kernel refused a step; `doing` says of what.
    case refused(doing: String, SystemCallError)
    /// A network's name has a character that file names and messages cannot bear.
    case invalidName(String)
    case noSuchNetwork(String)
    /// There is one of that name with another specification.
    case exists(String)
    case inUse(String, containers: [String])
    /// A state file that cannot be read.
    case corrupted(file: String, reason: String)
    case unknownOption(network: String, option: String, value: String)
    /// The specification contradicts itself: `reason` is a whole sentence part.
    case invalidPool(network: String, reason: String)
    case overlap(network: String, Subnet, with: String)
    case noFreeSubnet(network: String)
    case noFreeAddress(network: String, Subnet)
    case outsideSubnet(network: String, IPAddress, [Subnet])
    case addressTaken(network: String, IPAddress, by: String)
    case interfaceTaken(String, container: String)
    case portTaken(PortMapping, by: PortOwner?)
    case portsTaken(PortRequest)
    case hostAddressMissing(IPAddress)
}

extension NetworkError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let action, let error): "cannot \(action): \(error)"
        case .invalidName(let name):
            """
            network '\(name)': a name begins with a letter or digit and goes on with letters, \
            digits, '_', '.' and '-'
            """
        case .noSuchNetwork(let name): "network '\(name)' does not exist; create it first"
        case .exists(let name):
            """
            network '\(name)' exists with another configuration; \
            remove it first, or give this one another name
            """
        case .inUse(let name, let containers):
            """
            network '\(name)' is in use by \(containers.joined(separator: ", ")); \
            stop these containers first
            """
        case .corrupted(let file, let reason):
            "\(file): not readable as a network's state (\(reason)); remove the file and try again"
        case .unknownOption(let network, let option, let value):
            "network '\(network)': '\(value)' is no value for option '\(option)'"
        case .invalidPool(let network, let reason): "network '\(network)': \(reason)"
        case .overlap(let network, let subnet, let other):
            """
            network '\(network)': subnet \(subnet) overlaps \(other); \
            choose another subnet, or none to get a free one
            """
        case .noFreeSubnet(let network):
            """
            network '\(network)': every default subnet overlaps a route or network of this \
            machine; remove unused networks, or give the network a subnet
            """
        case .noFreeAddress(let network, let subnet):
            """
            network '\(network)': all addresses of \(subnet) are taken; \
            stop containers, or give the network a larger subnet
            """
        case .outsideSubnet(let network, let address, let subnets):
            """
            network '\(network)': address \(address) cannot be used in its \
            \(subnets.isEmpty ? "subnets: it has none of that family" : Self.list(subnets)); \
            choose an address inside, or set the network's subnet
            """
        case .addressTaken(let network, let address, let owner):
            """
            network '\(network)': address \(address) is taken by \(owner); \
            choose another, or stop its owner
            """
        case .interfaceTaken(let name, let container):
            "container \(container) already has an interface '\(name)'; choose another name"
        case .portTaken(let mapping, let owner):
            """
            port \(mapping.hostPort)/\(mapping.protocol.rawValue) is taken by \
            \(owner?.description ?? "a process that cannot be seen from here"); \
            stop it, or publish another host port
            """
        case .portsTaken(let request):
            """
            no port of \(request.hostPorts.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "any") \
            is free for \(request.containerPort)/\(request.protocol.rawValue); \
            publish a wider range
            """
        case .hostAddressMissing(let address):
            "this machine has no address \(address) to publish a port at; use one that it has"
        }
    }

    private static func list(_ subnets: [Subnet]) -> String {
        "subnet \(subnets.map(\.description).joined(separator: ", "))"
    }
}
