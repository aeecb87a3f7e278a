import Addresses
import Notation

/// The options of a bridge network, under Docker's names.
struct BridgeOptions: Equatable {
    /// The bridge's interface name, if the specification sets it.
    var bridge: String?
    var mtu: UInt32?
    /// The beginning of the containers' interface names.
    var interfacePrefix: String
    /// Whether the bridge itself gets an address of the family.
    var bridgeHasIPv4: Bool
    var bridgeHasIPv6: Bool
    var access: NetworkAccess

    init(_ specification: NetworkSpecification) throws(NetworkError) {
        let reader = OptionReader(specification: specification)
        bridge = try reader.value(.name) { text in
            InterfaceName.isValid(text) ? text : nil
        }
        mtu = try reader.value(.mtu) { text in
            UInt32(text).flatMap { (68...65535).contains($0) ? $0 : nil }
        }
        interfacePrefix =
            try reader.value(.interfacePrefix) { text in
                let isValid = text.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
                    default: false
                    }
                }
                return isValid && text.utf8.count <= 12 ? text : nil
            } ?? "eth"
        let inhibitsIPv4 = try reader.value(.inhibitIPv4, boolean) ?? false
        bridgeHasIPv4 = try reader.mode(.gatewayModeIPv4) == .nat && !inhibitsIPv4
        bridgeHasIPv6 = try reader.mode(.gatewayModeIPv6) == .nat
        access = try Self.access(specification, reader)
    }

    func hasBridgeAddress(isIPv4: Bool) -> Bool { isIPv4 ? bridgeHasIPv4 : bridgeHasIPv6 }

    private static func access(
        _ specification: NetworkSpecification,
        _ reader: OptionReader
    ) throws(NetworkError) -> NetworkAccess {
        let binding = try reader.value(.hostBinding) { text in
            IPAddress(text).flatMap { $0.isIPv4 ? $0 : nil }
        }
        let publication: NetworkAccess.Publication =
            if specification.isInternal {
                .nowhere
            } else if let binding, !binding.isUnspecified {
                .at(binding)
            } else {
                .anywhere
            }
        return NetworkAccess(
            connectsContainers: try reader.value(.connectsContainers, boolean) ?? true,
            leadsOut: !specification.isInternal,
            masquerades: try reader.value(.masquerades, boolean) ?? true
                && !specification.isInternal,
            publication: publication
        )
    }
}

/// The names of the options that have an effect.
///
/// Source: Docker's bridge driver, "Default bridge network options" and "Driver options".
public enum BridgeOption: String, CaseIterable, Sendable {
    case name = "com.docker.network.bridge.name"
    case mtu = "com.docker.network.driver.mtu"
    case interfacePrefix = "com.docker.network.container_iface_prefix"
    case connectsContainers = "com.docker.network.bridge.enable_icc"
    case masquerades = "com.docker.network.bridge.enable_ip_masquerade"
    case hostBinding = "com.docker.network.bridge.host_binding_ipv4"
    case inhibitIPv4 = "com.docker.network.bridge.inhibit_ipv4"
    case gatewayModeIPv4 = "com.docker.network.bridge.gateway_mode_ipv4"
    case gatewayModeIPv6 = "com.docker.network.bridge.gateway_mode_ipv6"
}

/// Reads options and rejects invalid values.
private struct OptionReader {
    /// How containers are reached from outside. Docker also knows `routed` and `nat-unprotected`.
    enum GatewayMode: String {
        case nat
        /// Only for internal networks: the host has no address on the bridge.
        case isolated
    }

    var specification: NetworkSpecification

    func value<Value>(
        _ option: BridgeOption,
        _ read: (String) -> Value?
    ) throws(NetworkError) -> Value? {
        guard let text = specification.options[option.rawValue], !text.isEmpty else { return nil }
        if let value = read(text) { return value }
        throw .invalidOption(network: specification.name, option: option.rawValue, value: text)
    }

    func mode(_ option: BridgeOption) throws(NetworkError) -> GatewayMode {
        try value(option) { text in
            GatewayMode(rawValue: text).flatMap { mode in
                mode == .isolated && !specification.isInternal ? nil : mode
            }
        } ?? .nat
    }
}

private func boolean(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "1", "t": true
    case "false", "0", "f": false
    default: nil
    }
}
