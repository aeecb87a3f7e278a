import Crypto

extension Project {
    /// The hash of what a container of the service depends on; it is replaced when this changes.
    ///
    /// The same as docker compose's, which takes the SHA-256 of its own JSON of the service
    /// without `build`, `pull_policy`, `scale`, `deploy.replicas`, `depends_on` and `profiles`.
    public func configHash(of service: Service) -> String {
        var service = service
        service.build = nil
        service.pullPolicy = nil
        service.scale = nil
        service.deploy?.replicas = nil
        service.dependsOn = [:]
        service.profiles = []
        return Project.hash(service.canonical(.json))
    }

    /// The hash of what a network was made from; it is made anew when this changes.
    public func configHash(of network: NetworkDefinition) -> String {
        Project.hash(network.canonical(.json))
    }

    /// The hash of what a volume was made from.
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
