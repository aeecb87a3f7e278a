import Linux

extension DefaultSpecification {
    /// Docker's fourteen default capabilities.
    static let standardCapabilities = [
        "CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
        "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SETFCAP", "CAP_SETGID",
        "CAP_SETPCAP", "CAP_SETUID", "CAP_SYS_CHROOT",
    ]

    /// Returns the names of the container's capabilities, sorted by number.
    ///
    /// Adding `ALL` grants all except those dropped by name; dropping `ALL` leaves those added by
    /// name; a name in both lists is granted.
    func capabilities() throws(RuntimeError) -> [String] {
        let added = try known(addedCapabilities, field: "cap_add")
        let dropped = try known(droppedCapabilities, field: "cap_drop")
        if isPrivileged { return Capability.all.map(\.name) }
        var set = Set(Self.standardCapabilities.compactMap { Capability($0) })
        if has(addedCapabilities) {
            set = Set(Capability.all).subtracting(dropped)
        } else if has(droppedCapabilities) {
            set = Set(added)
        } else {
            set = set.subtracting(dropped).union(added)
        }
        return set.sorted { $0.rawValue < $1.rawValue }.map(\.name)
    }

    private func has(_ names: [String]) -> Bool {
        names.contains { ["ALL", "CAP_ALL"].contains($0.uppercased()) }
    }

    private func known(
        _ names: [String],
        field: String
    ) throws(RuntimeError) -> [Capability] {
        var capabilities: [Capability] = []
        for name in names where !["ALL", "CAP_ALL"].contains(name.uppercased()) {
            guard let capability = Capability(name) else {
                throw .invalid(
                    field: field,
                    value: name,
                    expected: "a capability of capabilities(7) such as NET_ADMIN, or ALL"
                )
            }
            capabilities.append(capability)
        }
        return capabilities
    }
}
