import YAML

extension Fields {
    /// The lines of `/etc/hosts` in a mapping, or in a list of `HOST=ADDRESS` or `HOST:ADDRESS`.
    func hosts(_ key: String) throws(ComposeError) -> [String: [String]] {
        guard let node = self[key] else { return [:] }
        var hosts: [String: [String]] = [:]
        for entry in node.mapping ?? Mapping() {
            hosts[entry.key] =
                entry.value.sequence?.map { $0.plainText ?? "" } ?? [entry.value.plainText ?? ""]
        }
        if node.mapping == nil {
            for text in try strings(key) {
                guard let separator = text.firstIndex(of: "=") ?? text.firstIndex(of: ":") else {
                    throw invalid(key, text, "host", "the address is missing; write HOST=ADDRESS")
                }
                let addresses = text[text.index(after: separator)...]
                    .split(separator: ",", omittingEmptySubsequences: false)
                hosts[String(text[..<separator]), default: []] += addresses.map(String.init)
            }
        }
        for name in hosts.keys where name.isEmpty || name.contains(where: { ":=".contains($0) }) {
            throw invalid(key, name, "host name", "it must not be empty or contain ':' or '='")
        }
        return hosts.mapValues { $0.map(withoutBrackets) }
    }

    private func withoutBrackets(_ address: String) -> String {
        address.utf8.count > 2 && address.hasPrefix("[") && address.hasSuffix("]")
            ? String(address.dropFirst().dropLast()) : address
    }
}
