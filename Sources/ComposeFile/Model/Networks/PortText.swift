import Addresses

/// The short form of a published port: `[[IP:]HOST:]CONTAINER[/PROTOCOL]`, ranges allowed.
enum PortText {
    /// Parses `text` to ports in docker compose's order.
    static func ports(of text: String) -> Result<[Port], ShortFormError> {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let container = parts[parts.count - 1]
        let host = parts.count > 1 ? String(parts[parts.count - 2]) : ""
        let address = parts.dropLast(2).joined(separator: ":")
        guard let (range, transport) = containerPorts(container) else {
            return .failure(ShortFormError("the container port must be 1 to 65535, or a range"))
        }
        guard ["tcp", "udp", "sctp"].contains(transport) else {
            return .failure(
                ShortFormError("the protocol must be tcp, udp or sctp, not '\(transport)'")
            )
        }
        guard let ip = unbracketed(address), ip.isEmpty || IPAddress(ip) != nil else {
            return .failure(ShortFormError("'\(address)' is not a valid IP address"))
        }
        if host.isEmpty {
            return .success(expand(range, published: nil, transport, ip))
        }
        guard let hostRange = self.range(host) else {
            return .failure(
                ShortFormError("the host port '\(host)' must be 1 to 65535, or a range")
            )
        }
        guard hostRange.count == range.count || range.count == 1 else {
            return .failure(ShortFormError("the host and container port ranges differ in length"))
        }
        return .success(expand(range, published: hostRange, transport, ip))
    }

    private static func containerPorts(_ text: Substring) -> (ClosedRange<Int>, String)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, let range = range(String(first)) else { return nil }
        let transport = parts.count > 1 ? parts[1].lowercased() : ""
        return (range, transport.isEmpty ? "tcp" : transport)
    }

    private static func range(_ text: String) -> ClosedRange<Int>? {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
        guard let first = bounds.first.flatMap(number) else { return nil }
        guard bounds.count > 1 else { return first...first }
        guard let last = number(bounds[1]), last >= first else { return nil }
        return first...last
    }

    private static func number(_ digits: Substring) -> Int? {
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return UInt16(digits).map(Int.init)
    }

    private static func unbracketed(_ address: String) -> String? {
        guard address.hasPrefix("[") else { return address }
        return address.hasSuffix("]") ? String(address.dropFirst().dropLast()) : nil
    }

    private static func expand(
        _ range: ClosedRange<Int>,
        published: ClosedRange<Int>?,
        _ transport: String,
        _ address: String
    ) -> [Port] {
        let ports = range.map { target in
            var port = Port(target: target)
            port.mode = "ingress"
            port.protocol = transport
            port.hostIP = address.isEmpty ? nil : address
            port.published = published.map {
                range.count == 1 && $0.count > 1
                    ? "\($0.lowerBound)-\($0.upperBound)"
                    : String($0.lowerBound + target - range.lowerBound)
            }
            return port
        }
        return ports.sorted { String($0.target) < String($1.target) }
    }
}

extension Port {
    /// Parses the value of a command-line option in the short form, such as `8080:80/udp`.
    public static func parse(_ text: String, option: String) throws(ComposeErrors) -> [Port] {
        switch PortText.ports(of: text) {
        case .success(let ports): return ports
        case .failure(let error): throw error.located("port", found: text, option)
        }
    }
}
