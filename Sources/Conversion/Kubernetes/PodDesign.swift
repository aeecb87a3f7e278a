import ComposeFile

/// The parts of a pod that several functions add to.
struct PodDesign {
    let service: Service
    let settings: ServiceSettings
    let kind: WorkloadKind
    var volumes: [Node] = []
    var mounts: [Node] = []

    /// The path of an attribute of the service.
    func path(_ keys: String...) -> [String] { ["services", service.name] + keys }

    /// The number of times that a Job is retried.
    var retries: Int {
        if let attempts = service.deploy?.restartPolicy?.maxAttempts {
            return Int(clamping: min(attempts, UInt64(Int32.max)))
        }
        return switch service.restart {
        case .onFailure(let limit?)?: limit
        case .no?: 0
        default: 6
        }
    }

    /// The restart policy of the pod.
    var restartPolicy: String {
        guard kind == .job else { return "Always" }
        if service.deploy?.restartPolicy?.condition == "on-failure" { return "OnFailure" }
        if case .onFailure? = service.restart { return "OnFailure" }
        return "Never"
    }
}
