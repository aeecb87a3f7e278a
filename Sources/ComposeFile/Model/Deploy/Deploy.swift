/// How many containers a service has and what each may use.
///
/// Source: Compose Deploy Specification.
public struct Deploy: Sendable, Equatable {
    /// `replicated`, `global` or a job's word.
    public var mode: String?
    /// How many containers.
    public var replicas: Int?
    /// Labels of the service, not of its containers.
    public var labels: [String: String] = [:]
    /// How containers are replaced.
    public var updateConfig: UpdateConfig?
    /// How a failed replacement is undone.
    public var rollbackConfig: UpdateConfig?
    /// The most that a container may use.
    public var limits: Resources?
    /// What is kept ready for a container.
    public var reservations: Resources?
    /// The `x-` keys of `resources`.
    public var resourcesExtensions: Extensions = [:]
    /// What happens when a container ends.
    public var restartPolicy: DeployRestartPolicy?
    /// On which nodes; means nothing on one machine.
    public var placement = Placement()
    /// `vip` or `dnsrr`.
    public var endpointMode: String?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a section that says nothing.
    public init() {}
}

extension Deploy {
    init(_ fields: Fields) throws(ComposeError) {
        mode = try fields.string("mode")
        replicas = try fields.integer("replicas")
        labels = try fields.labels("labels")
        updateConfig = try fields.section("update_config").map(UpdateConfig.init)
        rollbackConfig = try fields.section("rollback_config").map(UpdateConfig.init)
        if let resources = try fields.section("resources") {
            limits = try resources.section("limits").map(Resources.init)
            reservations = try resources.section("reservations").map(Resources.init)
            resourcesExtensions = resources.extensions
        }
        restartPolicy = try fields.section("restart_policy").map(DeployRestartPolicy.init)
        placement = try fields.section("placement").map(Placement.init) ?? Placement()
        endpointMode = try fields.string("endpoint_mode")
        extensions = fields.extensions
    }
}
