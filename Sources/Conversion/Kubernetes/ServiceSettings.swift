import ComposeFile
import YAML

/// The settings of a service under `x-kubernetes`.
struct ServiceSettings {
    /// The type of the Service for published ports; `none` for no such Service.
    var publish = "LoadBalancer"
    /// The kind of workload; nil for a suitable one.
    var kind: String?
    /// The image of the init containers that wait for other services; nil for none of them.
    var waitImage: String? = "busybox:1.37"
    var ingress: Ingress?
    var autoscaling: Autoscaling?

    struct Ingress {
        var host: String?
        var path = "/"
        var className: String?
        var tlsSecret: String?
        var port: Int?
    }

    struct Autoscaling {
        var minimum = 1
        var maximum = 10
        var cpu: Int?
        var memory: Int?
    }

    init(_ service: Service) throws(ConversionError) {
        guard let value = service.extensions["x-kubernetes"] else { return }
        let location = service.location(of: "x-kubernetes")
        let keys = try ExtensionKeys(
            value,
            "x-kubernetes",
            known: ["publish", "kind", "wait_image", "ingress", "autoscale"],
            at: location
        )
        publish = try keys.word("publish", ["LoadBalancer", "NodePort", "none"]) ?? publish
        kind = try keys.word("kind", ["Deployment", "StatefulSet", "DaemonSet", "Job"])
        if let image = try keys.text("wait_image") { waitImage = image == "none" ? nil : image }
        ingress = try keys.section("ingress", ["host", "path", "class", "tls", "port"])
            .map(Ingress.init)
        autoscaling = try keys.section("autoscale", ["min", "max", "cpu", "memory"])
            .map(Autoscaling.init)
    }
}

extension ServiceSettings.Ingress {
    init(_ keys: ExtensionKeys) throws(ConversionError) {
        host = try keys.text("host")
        path = try keys.text("path") ?? path
        className = try keys.text("class")
        tlsSecret = try keys.text("tls")
        port = try keys.integer("port")
    }
}

extension ServiceSettings.Autoscaling {
    init(_ keys: ExtensionKeys) throws(ConversionError) {
        minimum = try keys.integer("min") ?? minimum
        maximum = try keys.integer("max") ?? max(maximum, minimum)
        cpu = try keys.integer("cpu")
        memory = try keys.integer("memory")
        if cpu == nil, memory == nil { cpu = 80 }
        guard minimum >= 1, maximum >= minimum else {
            throw keys.invalid("max", "\(maximum)", "a number from min, which is at least 1")
        }
    }
}
