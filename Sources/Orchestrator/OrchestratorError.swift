/// Why a project could not be brought to the state asked for.
public enum OrchestratorError: Error, Sendable, Equatable {
    case externalNetworkMissing(String)
    case externalVolumeMissing(String)
    case invalidValue(service: String, attribute: String, value: String, wanted: String)
    case unreadableState(path: String, reason: String)
}

extension OrchestratorError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .externalNetworkMissing(let name):
            "network \(name) declared as external, but could not be found; create it first, "
                + "or drop 'external: true' to have it made"
        case .externalVolumeMissing(let name):
            "external volume \"\(name)\" not found; create it first, "
                + "or drop 'external: true' to have it made"
        case .invalidValue(let service, let attribute, let value, let wanted):
            "services.\(service).\(attribute): '\(value)' is not \(wanted)"
        case .unreadableState(let path, let reason):
            "\(path): this record of swiftcompose's cannot be read (\(reason)); "
                + "remove the directory it lies in to forget what it describes"
        }
    }
}
