import Linux

/// Kernel parameters of one endpoint's interface, from Docker's option for them.
struct EndpointParameters {
    /// Paths below `/proc/sys/net`, with the placeholder IFNAME for the interface.
    private var values: [(name: String, value: String)] = []

    /// Parses `net.ipv4.conf.IFNAME.log_martians=1,…`; only parameters of the interface itself.
    init(_ specification: EndpointSpecification, network: String) throws(NetworkError) {
        let text = specification.options[EndpointOption.kernelParameters.rawValue] ?? ""
        for entry in text.split(separator: ",") {
            let parts = entry.split(separator: "=", maxSplits: 1)
            let words = parts.first?.split(separator: ".", omittingEmptySubsequences: false) ?? []
            guard parts.count == 2, words.count == 5, words[0] == "net", words[3] == "IFNAME",
                ["ipv4", "ipv6", "mpls"].contains(words[1]), ["conf", "neigh"].contains(words[2]),
                !words[4].isEmpty, !words[4].contains("/")
            else {
                throw .invalidOption(
                    network: network,
                    option: EndpointOption.kernelParameters.rawValue,
                    value: String(entry)
                )
            }
            values.append((words.dropFirst().joined(separator: "/"), String(parts[1])))
        }
    }

    /// Sets them for `interface` in `namespace`.
    func apply(
        to interface: String,
        in namespace: borrowing Descriptor
    ) throws(SystemCallError) {
        guard !values.isEmpty else { return }
        try NetworkNamespace.inside(namespace) { () throws(SystemCallError) in
            for (name, value) in values {
                let path = name.split(separator: "/").map {
                    $0 == "IFNAME" ? interface : String($0)
                }
                try KernelParameter.require(path.joined(separator: "/"), value)
            }
        }
    }
}
