import Crypto

extension Project {
    /// The hash of the attributes of a service that require its containers to be recreated.
    ///
    /// It equals docker compose's: the SHA-256 of the service as JSON without `build`,
    /// `pull_policy`, `scale`, `deploy.replicas`, `depends_on` and `profiles`.
    public func configHash(of service: Service) -> String {
        Project.hash(model(of: service))
    }

    /// The attributes of a service whose change recreates its containers.
    public func model(of service: Service) -> Value {
        var service = service
        service.build = nil
        service.pullPolicy = nil
        service.scale = nil
        service.deploy?.replicas = nil
        service.dependsOn = [:]
        service.profiles = []
        return service.canonical(.json)
    }

    /// The hash of a network's definition; the network is recreated when it changes.
    public func configHash(of network: NetworkDefinition) -> String {
        Project.hash(network.canonical(.json))
    }

    /// The hash of a volume's definition.
    public func configHash(of volume: VolumeDefinition) -> String {
        var volume = volume
        volume.driver = volume.driver ?? "local"
        return Project.hash(volume.canonical(.json))
    }

    private static func hash(_ value: Value) -> String {
        let digest = SHA256.hash(data: JSONWriter.bytes(of: value, indented: false))
        let digits = Array("0123456789abcdef".utf8)
        let text = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
