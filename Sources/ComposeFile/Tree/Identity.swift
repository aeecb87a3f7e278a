import YAML

/// The identity of list entries; of entries with equal identities the last one is kept.
///
/// Source: docker compose's rules for the lists of each attribute.
enum Identity {
    case keyValue
    case envFile
    case expose
    case volume
    case device
    case secret
    case config
    case port

    static let table = PathTable<Identity>([
        "networks.*.labels": .keyValue,
        "networks.*.ipam.options": .keyValue,
        "services.*.annotations": .keyValue,
        "services.*.build.args": .keyValue,
        "services.*.build.additional_contexts": .keyValue,
        "services.*.build.platform": .keyValue,
        "services.*.build.tags": .keyValue,
        "services.*.build.labels": .keyValue,
        "services.*.cap_add": .keyValue,
        "services.*.cap_drop": .keyValue,
        "services.*.devices": .device,
        "services.*.configs": .config,
        "services.*.deploy.labels": .keyValue,
        "services.*.dns": .keyValue,
        "services.*.dns_opt": .keyValue,
        "services.*.dns_search": .keyValue,
        "services.*.environment": .keyValue,
        "services.*.env_file": .envFile,
        "services.*.expose": .expose,
        "services.*.labels": .keyValue,
        "services.*.links": .keyValue,
        "services.*.networks.*.aliases": .keyValue,
        "services.*.networks.*.link_local_ips": .keyValue,
        "services.*.ports": .port,
        "services.*.profiles": .keyValue,
        "services.*.secrets": .secret,
        "services.*.sysctls": .keyValue,
        "services.*.tmpfs": .keyValue,
        "services.*.volumes": .volume,
    ])

    /// The identity of an entry; nil if it is unique or invalid.
    func key(of node: YAMLNode) -> String? {
        switch self {
        case .keyValue: node.string.map(Identity.name)
        case .envFile: node.string ?? node.mapping?["path"]?.string
        case .expose: node.string ?? node.integer.map(String.init)
        case .volume: node.string.map(Identity.volumeTarget) ?? target(of: node)
        case .device: node.string.map(Identity.deviceTarget) ?? target(of: node)
        case .secret: mount(node, "/run/secrets")
        case .config: mount(node, "")
        case .port: port(node)
        }
    }

    /// Whether an entry of this kind must have a target.
    var needsTarget: Bool { self == .volume || self == .device }

    private func target(of node: YAMLNode) -> String? {
        node.mapping?["target"]?.string
    }

    private func mount(_ node: YAMLNode, _ directory: String) -> String? {
        if let name = node.string { return "\(directory)/\(name)" }
        guard let mapping = node.mapping else { return nil }
        if let target = mapping["target"] { return target.string }
        return "\(directory)/\(mapping["source"]?.string ?? "")"
    }

    private func port(_ node: YAMLNode) -> String? {
        if let text = node.string { return text }
        if let number = node.integer { return String(number) }
        guard let mapping = node.mapping else { return nil }
        let host = mapping["host_ip"]?.string ?? "0.0.0.0"
        let transport = mapping["protocol"]?.string ?? "tcp"
        let published = Identity.scalar(mapping["published"])
        let target = Identity.scalar(mapping["target"])
        return "\(host):\(published):\(target)/\(transport)"
    }

    /// Formats a number differently from a string with the same digits.
    private static func scalar(_ node: YAMLNode?) -> String {
        node?.string ?? node?.integer.map { "#\($0)" } ?? ""
    }

    private static func name(_ text: String) -> String {
        String(decoding: text.utf8.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
    }

    private static func volumeTarget(_ text: String) -> String {
        switch VolumeText.volume(of: text) {
        case .success(let volume): volume.target
        case .failure: text
        }
    }

    private static func deviceTarget(_ text: String) -> String {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return String(parts.count == 1 ? parts[0] : parts[1])
    }
}
