import YAML

/// Adds the default values of long forms.
enum TreeDefaults {
    /// Returns the tree with default values.
    static func apply(_ root: YAMLNode) -> YAMLNode {
        var root = root
        root.change(at: ["services", "*"]) { service in
            service.changeMapping(apply)
        }
        return root
    }

    private static func apply(_ service: inout Mapping) {
        service.change("build") { build in
            let location = build.location
            build.changeMapping { $0.provide("context", .string("."), at: location) }
        }
        service.change("secrets") { secrets in
            secrets.changeElements { _, secret in
                let location = secret.location
                secret.changeMapping { secret in
                    let source = secret["source"]?.string ?? ""
                    secret.provide("target", .string("/run/secrets/\(source)"), at: location)
                }
            }
        }
        service.change("ports") { ports in
            ports.changeElements { _, port in
                let location = port.location
                port.changeMapping {
                    $0.provide("protocol", .string("tcp"), at: location)
                    $0.provide("mode", .string("ingress"), at: location)
                }
            }
        }
        service.change("gpus", countAll)
        service.change("deploy") {
            $0.change(at: ["resources", "reservations", "devices"], countAll)
        }
    }

    /// Sets the count of device requests without count and identifiers to `all`.
    private static func countAll(_ requests: inout YAMLNode) {
        requests.changeElements { _, request in
            let location = request.location
            request.changeMapping { request in
                if request["device_ids"] == nil {
                    request.provide("count", .string("all"), at: location)
                }
            }
        }
    }
}
