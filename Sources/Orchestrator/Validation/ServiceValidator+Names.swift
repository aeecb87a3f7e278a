import Addresses
import ComposeFile
import Notation

extension ServiceValidator {
    /// Checks names that become host names, interface names, file names or lines of files.
    func checkNames() throws {
        if let name = service.containerName, !ObjectName.isValid(name) {
            try reject(
                "container_name",
                because:
                    "'\(name)' is not a valid container name; only \(ObjectName.rule) is allowed"
            )
        }
        for (key, name) in [("hostname", service.hostname), ("domainname", service.domainName)] {
            guard let name, !Self.isHostName(name) else { continue }
            try reject(
                key,
                because: "'\(name)' is not a valid host name; use at most 64 bytes without "
                    + "whitespace and '/'"
            )
        }
        for (index, volume) in service.volumes.enumerated() where volume.kind == .volume {
            guard let name = volume.source, project.volumes[name] == nil,
                !ObjectName.isValid(name)
            else { continue }
            try reject(
                "volumes",
                String(index),
                because: "'\(name)' is not a valid volume name; only \(ObjectName.rule) is allowed"
            )
        }
        try checkResolver()
        for (key, network) in service.networks.sorted(by: { $0.key < $1.key }) {
            try check(network, key)
        }
        if let text = service.macAddress, HardwareAddress(text) == nil {
            try reject("mac_address", because: "'\(text)' is not a valid MAC address")
        }
    }

    private func check(_ network: ServiceNetwork, _ key: String) throws {
        if let name = network.interfaceName, !InterfaceName.isValid(name) {
            try reject(
                "networks",
                key,
                "interface_name",
                because: "'\(name)' is not a valid interface name; use \(InterfaceName.rule)"
            )
        }
        if let text = network.macAddress, HardwareAddress(text) == nil {
            try reject(
                "networks",
                key,
                "mac_address",
                because: "'\(text)' is not a valid MAC address"
            )
        }
        let addresses: [(key: String, text: String?, isValid: (String) -> Bool)] =
            [
                ("ipv4_address", network.ipv4Address, { IPv4Address($0) != nil }),
                ("ipv6_address", network.ipv6Address, { IPv6Address($0) != nil }),
            ] + network.linkLocalIPs.map { ("link_local_ips", $0, { IPAddress($0) != nil }) }
        for (attribute, text, isValid) in addresses {
            guard let text, !isValid(text) else { continue }
            try reject(
                "networks",
                key,
                attribute,
                because: "'\(text)' is not a valid IP address"
            )
        }
    }

    private func checkResolver() throws {
        for server in service.dns where IPAddress(server) == nil {
            try reject("dns", because: "'\(server)' is not a valid IP address")
        }
        for (key, words) in [("dns_search", service.dnsSearch), ("dns_opt", service.dnsOptions)] {
            for word in words where word.isEmpty || word.contains(where: \.isWhitespace) {
                try reject(key, because: "'\(word)' must be a word without whitespace")
            }
        }
        for (name, addresses) in service.extraHosts.sorted(by: { $0.key < $1.key }) {
            if name.contains(where: \.isWhitespace) {
                try reject("extra_hosts", because: "'\(name)' is not a valid host name")
            }
            for address in addresses where address != "host-gateway" && IPAddress(address) == nil {
                try reject(
                    "extra_hosts",
                    because: "'\(address)' of host '\(name)' is not a valid IP address; use an "
                        + "address or 'host-gateway'"
                )
            }
        }
    }

    /// Whether the kernel and line-based files accept a host name.
    ///
    /// Source: sethostname(2): at most 64 bytes.
    private static func isHostName(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.unicodeScalars.allSatisfy {
                $0.value > 0x20 && $0.value != 0x7F && $0 != "/" && !$0.properties.isWhitespace
            }
    }
}
