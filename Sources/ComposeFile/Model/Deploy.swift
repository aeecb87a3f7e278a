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
