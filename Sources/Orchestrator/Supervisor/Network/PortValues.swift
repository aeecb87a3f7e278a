import Addresses
import ContainerNetwork

// Converts values of the container's record into values of the network.

extension EndpointSpecification {
    init(
        _ attachment: NetworkAttachment,
        container: String,
        former: [ContainerState.EndpointState],
        names: [String],
        isDefaultRoute: Bool
    ) throws(RequestFailure) {
        let options = attachment.driverOptions ?? [:]
        self.init(
            containerID: container,
            ipv4: try Self.address(attachment.ipv4Address, attachment),
            ipv6: try Self.address(attachment.ipv6Address, attachment),
            preferredAddresses: former.filter { $0.network == attachment.network }
                .flatMap { [$0.ipv4Address, $0.ipv6Address] }
                .compactMap { $0.flatMap { IPAddress($0) } },
            linkLocalAddresses: attachment.linkLocalAddresses.compactMap { IPAddress($0) },
            hardwareAddress: try Self.hardwareAddress(attachment),
            interfaceName: attachment.interfaceName
                ?? options[EndpointOption.interfaceName.rawValue],
            names: names,
            isDefaultRoute: isDefaultRoute,
            options: options
        )
    }

    private static func address(
        _ text: String?,
        _ attachment: NetworkAttachment
    ) throws(RequestFailure) -> IPAddress? {
        guard let text else { return nil }
        guard let address = IPAddress(text) else {
            throw RequestFailure(
                reason: "network \(attachment.network): invalid IP address '\(text)'"
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
                reason: "network \(attachment.network): invalid MAC address '\(text)'"
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
    /// A port as it was bound.
    init(_ mapping: PortMapping) {
        self.init(
            hostAddress: mapping.hostIP?.description ?? "",
            hostPorts: mapping.hostPort...mapping.hostPort,
            containerPort: mapping.containerPort,
            transport: mapping.protocol.rawValue
        )
    }
}
