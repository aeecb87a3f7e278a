import Addresses
import Notation

/// The options of a bridge network that mean something here, under Docker's names.
///
/// Options that are not known are kept in the specification and have no effect.
struct BridgeOptions: Equatable {
    /// The interface's name, when the file chooses it.
    var bridge: String?
    var mtu: UInt32?
    /// Whether the containers of the network may talk to each other.
    var connectsContainers: Bool
    /// Whether packets to the world carry the host's address instead of the container's.
    var masquerades: Bool

    init(_ specification: NetworkSpecification) throws(NetworkError) {
        let reader = OptionReader(specification: specification)
        bridge = try reader.value("com.docker.network.bridge.name") { text in
            InterfaceName.isValid(text) ? text : nil
        }
        mtu = try reader.value("com.docker.network.driver.mtu") { text in
            UInt32(text).flatMap { (68...65535).contains($0) ? $0 : nil }
        }
        let prefix = "com.docker.network.bridge"
        connectsContainers = try reader.value("\(prefix).enable_icc", truth) ?? true
        masquerades = try reader.value("\(prefix).enable_ip_masquerade", truth) ?? true
        // Read by BridgeNetwork.hostBinding; here only for its faults.
        _ = try reader.value("\(prefix).host_binding_ipv4") { IPAddress($0) }
    }
}

/// Looks up options and complains of values that mean nothing.
private struct OptionReader {
    var specification: NetworkSpecification

    func value<Value>(
        _ option: String,
        _ read: (String) -> Value?
    ) throws(NetworkError) -> Value? {
        guard let text = specification.options[option], !text.isEmpty else { return nil }
        if let value = read(text) { return value }
        throw .unknownOption(network: specification.name, option: option, value: text)
    }
}

private func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "1", "t": true
    case "false", "0", "f": false
    default: nil
    }
}
