import Addresses
import ContainerNetwork

// The record's words, made into what the network understands.

extension EndpointSpecification {
    init(
        _ attachment: NetworkAttachment,
        container: String,
        isDefaultRoute: Bool
    ) throws(RequestFailure) {
        self.init(
            containerID: container,
            ipv4: try Self.address(attachment.ipv4Address, attachment),
            ipv6: try Self.address(attachment.ipv6Address, attachment),
            linkLocalAddresses: attachment.linkLocalAddresses.compactMap { IPAddress($0) },
            hardwareAddress: try Self.hardwareAddress(attachment),
            interfaceName: attachment.interfaceName,
            isDefaultRoute: isDefaultRoute,
            options: attachment.options ?? [:]
        )
    }

    private static func address(
        _ text: String?,
        _ attachment: NetworkAttachment
    ) throws(RequestFailure) -> IPAddress? {
        guard let text else { return nil }
        guard let address = IPAddress(text) else {
            throw RequestFailure(
                reason: "network \(attachment.network): '\(text)' is no address"
            )
        }
        return address
    }

    private static func hardwareAddress(
        _ attachment: NetworkAttachment
    ) throws(RequestFailure) -> HardwareAddress? {
        guard let text = attachment.macAddress else { return nil }
        guard let address = HardwareAddress(text) else {
            throw RequestFailure(
                reason: "network \(attachment.network): '\(text)' is no MAC address"
            )
        }
        return address
    }
}

extension PortRequest {
    init(_ port: PublishedPort) throws(RequestFailure) {
        guard let transport = TransportProtocol(rawValue: port.transport),
            port.hostAddress.isEmpty || IPAddress(port.hostAddress) != nil
        else {
            throw RequestFailure(
                reason: "port \(port.hostAddress):\(port.containerPort)/\(port.transport): "
                    + "expected an address and tcp, udp or sctp"
            )
        }
        self.init(
            hostIP: IPAddress(port.hostAddress),
            hostPorts: port.hostPorts == 0...0 ? nil : port.hostPorts,
            containerPort: port.containerPort,
            protocol: transport
        )
    }
}

extension PublishedPort {
    /// A port as it was really bound.
    init(_ mapping: PortMapping) {
        self.init(
            hostAddress: mapping.hostIP?.description ?? "",
            hostPorts: mapping.hostPort...mapping.hostPort,
            containerPort: mapping.containerPort,
            transport: mapping.protocol.rawValue
        )
    }
}
