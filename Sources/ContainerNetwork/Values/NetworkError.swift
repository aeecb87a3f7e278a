public import Addresses
public import Linux
import SystemPackage

/// An error of a network operation, with its cause and remedy.
public enum NetworkError: Error, Equatable, Sendable {
    /// A system call failed; `doing` names the operation it was part of.
    case refused(doing: String, SystemCallError)
    /// A network's name has a character that is not allowed in file names and messages.
    case invalidName(String)
    case noSuchNetwork(String)
    /// A network of that name exists with another specification.
    case exists(String)
    case inUse(String, containers: [String])
    /// A state file cannot be decoded.
    case corrupted(file: String, reason: String)
    case invalidOption(network: String, option: String, value: String)
    /// The specification contradicts itself; `reason` completes "network 'name': …".
    case invalidPool(network: String, reason: String)
    case overlap(network: String, Subnet, with: String)
    case noFreeSubnet(network: String)
    case noFreeAddress(network: String, Subnet)
    case outsideSubnet(network: String, IPAddress, [Subnet])
    case addressTaken(network: String, IPAddress, by: String)
    case interfaceTaken(String, container: String)
    case portTaken(PortMapping, by: PortOwner?)
    case portsTaken(PortRequest)
    /// A port that only root may use.
    case portPrivileged(PortMapping)
    case hostAddressMissing(IPAddress)
}

extension NetworkError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let action, let error): "cannot \(action): \(error)"
        case .invalidName(let name):
            """
            network '\(name)': a name starts with a letter or digit, followed by letters, digits, \
            '_', '.' and '-'
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
            "\(file): cannot decode the network's state (\(reason)); remove the file and try again"
        case .invalidOption(let network, let option, let value):
            "network '\(network)': invalid value '\(value)' of option '\(option)'"
        case .invalidPool(let network, let reason): "network '\(network)': \(reason)"
        case .overlap(let network, let subnet, let other):
            """
            network '\(network)': subnet \(subnet) overlaps \(other); \
            choose another subnet, or omit it to get a free one
            """
        case .noFreeSubnet(let network):
            """
            network '\(network)': every default subnet overlaps a route or network of this \
            machine; remove unused networks, or give the network a subnet
            """
        case .noFreeAddress(let network, let subnet):
            """
            network '\(network)': no free address in \(subnet); \
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
            network '\(network)': address \(address) is in use by \(owner); \
            choose another address
            """
        case .interfaceTaken(let name, let container):
            "container \(container) already has an interface '\(name)'; choose another name"
        case .portTaken(let mapping, let owner):
            """
            port \(mapping.hostPort)/\(mapping.protocol.rawValue) is in use by \
            \(owner?.description ?? "a process outside this PID namespace"); \
            stop it, or publish another host port
            """
        case .portPrivileged(let mapping):
            "port \(mapping) is reserved for root by net.ipv4.ip_unprivileged_port_start; publish a "
                + "higher port, or let an administrator run "
                + "'sysctl -w net.ipv4.ip_unprivileged_port_start=\(mapping.hostPort)'"
        case .portsTaken(let request):
            """
            no port of \(request.hostPorts.map { "\($0.lowerBound)-\($0.upperBound)" } ?? "any") \
            is free for \(request.containerPort)/\(request.protocol.rawValue); \
            publish a wider range
            """
        case .hostAddressMissing(let address):
            "cannot publish a port at \(address): the host has no such address; use one that it has"
        }
    }

    private static func list(_ subnets: [Subnet]) -> String {
        "subnet \(subnets.map(\.description).joined(separator: ", "))"
    }
}

extension NetworkError {
    /// Evaluates one call and adds to its error the operation it was part of.
    @discardableResult
    static func during<Result: ~Copyable>(
        _ operation: @autoclosure () -> String,
        _ call: @autoclosure () throws(SystemCallError) -> Result
    ) throws(NetworkError) -> Result {
        do {
            return try call()
        } catch {
            throw .refused(doing: operation(), error)
        }
    }

    /// Runs several steps and adds to their error the operation they are part of.
    @discardableResult
    static func during<Result: ~Copyable>(
        _ operation: @autoclosure () -> String,
        do steps: () throws(SystemCallError) -> Result
    ) throws(NetworkError) -> Result {
        do {
            return try steps()
        } catch {
            throw .refused(doing: operation(), error)
        }
    }
}

/// Evaluates a call that removes something and treats `reason` as success: it is already removed.
func ignoring<Result>(
    _ reason: Errno,
    _ removal: @autoclosure () throws(SystemCallError) -> Result
) throws(SystemCallError) {
    do throws(SystemCallError) {
        _ = try removal()
    } catch  where error.reason == reason {}
}
