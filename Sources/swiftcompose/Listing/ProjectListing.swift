import Orchestrator

/// A project as `ls` shows it.
struct ProjectListing: Encodable {
    var name: String
    var containers: [ExistingContainer]

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case status = "Status"
        case configFiles = "ConfigFiles"
    }

    var isRunning: Bool { containers.contains(where: \.isRunning) }

    /// `exited(1), running(2)`.
    var status: String {
        let states = Dictionary(grouping: containers, by: \.state.status.rawValue)
        return states.sorted { $0.key < $1.key }.map { "\($0.key)(\($0.value.count))" }
            .joined(separator: ", ")
    }

    var configFiles: String {
        containers.compactMap { $0.record.labels[ComposeLabel.configFiles] }.first ?? ""
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(name, forKey: .name)
        try json.encode(status, forKey: .status)
        try json.encode(configFiles, forKey: .configFiles)
    }
}
