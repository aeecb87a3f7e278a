/// The number of a service's containers and their resources.
///
/// Source: Compose Deploy Specification.
public struct Deploy: Sendable, Equatable {
    /// `replicated`, `global`, `replicated-job` or `global-job`.
    public var mode: String?
    /// The number of containers.
    public var replicas: Int?
    /// Labels of the service, not of its containers.
    public var labels: [String: String] = [:]
    /// Rolling update of the containers.
    public var updateConfig: UpdateConfig?
    /// Rollback of a failed update.
    public var rollbackConfig: UpdateConfig?
    /// Upper limits of each container's resources.
    public var limits: Resources?
    /// Resources reserved for each container.
    public var reservations: Resources?
    /// The `x-` extension fields of `resources`.
    public var resourcesExtensions: Extensions = [:]
    /// The restart policy of the containers.
    public var restartPolicy: DeployRestartPolicy?
    /// Constraints on cluster nodes; without effect on a single machine.
    public var placement = Placement()
    /// `vip` or `dnsrr`.
    public var endpointMode: String?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates an empty section.
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
