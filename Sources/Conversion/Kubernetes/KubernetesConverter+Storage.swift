import ComposeFile
import YAML

extension KubernetesConverter {
    func claimName(_ key: String) -> String {
        let definition = project.volumes[key] ?? VolumeDefinition()
        return ResourceName.label(definition.external ? definition.name ?? key : key)
    }

    /// The name of the ConfigMap or Secret for a key under `configs` or `secrets`.
    func objectName(of key: String, _ kind: String) -> String {
        let external =
            kind == "secret"
            ? project.secrets[key].flatMap { $0.external ? $0.name ?? key : nil }
            : project.configs[key].flatMap { $0.external ? $0.name ?? key : nil }
        return ResourceName.label(external ?? key)
    }

    /// A claim for each volume that the project manages.
    mutating func claims() throws(ConversionError) -> [Node] {
        var claims: [Node] = []
        for (key, volume) in project.volumes.sorted(by: { $0.key < $1.key }) {
            let path = ["volumes", key]
            guard case .claim = VolumeSource(volume) else { continue }
            if !volume.driverOptions.isEmpty {
                notes.miss(path + ["driver_opts"], "choose a storage class by 'x-kubernetes.class'")
            }
            guard !volume.external else {
                notes.approximate(
                    path + ["external"],
                    "PersistentVolumeClaim '\(claimName(key))' must exist"
                )
                continue
            }
            claims.append(try claim(key, volume, path))
        }
        return claims
    }

    private mutating func claim(
        _ key: String,
        _ volume: VolumeDefinition,
        _ path: [String]
    ) throws(ConversionError) -> Node {
        let users = project.services.values.filter { service in
            service.volumes.contains { $0.kind == .volume && $0.source == key }
        }
        let isShared = users.count > 1 || users.contains { $0.replicas > 1 }
        var mode = isShared ? "ReadWriteMany" : "ReadWriteOnce"
        var size = "1Gi"
        var storageClass: String?
        if let value = volume.extensions["x-kubernetes"] {
            let keys = try ExtensionKeys(
                value,
                "x-kubernetes",
                known: ["size", "class", "access"],
                at: project.source.location(of: path + ["x-kubernetes"])
            )
            size = try keys.text("size") ?? size
            storageClass = try keys.text("class")
            let modes = ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]
            mode = try keys.word("access", modes) ?? mode
        }
        var specification = Object()
        specification.set(
            "accessModes",
            [.text(mode)],
            comment: isShared ? "Used by several pods: needs a class with shared access." : nil
        )
        specification.set("storageClassName", storageClass)
        specification.set(
            "resources",
            ["requests": ["storage": .text(size)]],
            comment: "Compose volumes have no size; set 'x-kubernetes.size'."
        )
        let labels = annotations(volume.labels, from: path + ["labels"])
        var claim = object("v1", "PersistentVolumeClaim", claimName(key), annotations: labels)
        claim.set("spec", .object(specification))
        return .object(claim)
    }

    /// A ConfigMap for each config that the project manages.
    mutating func configMaps() throws(ConversionError) -> [Node] {
        var maps: [Node] = []
        for (key, config) in project.configs.sorted(by: { $0.key < $1.key }) {
            let path = ["configs", key]
            guard !config.external else {
                notes.approximate(
                    path + ["external"],
                    "ConfigMap '\(objectName(of: key, "config"))' must exist, with key '\(key)'"
                )
                continue
            }
            let source = ContentReader.Source(config)
            let bytes = try contents.content(source, "config", key, at: path)
            let labels = annotations(config.labels, from: path + ["labels"])
            var map = object(
                "v1",
                "ConfigMap",
                objectName(of: key, "config"),
                annotations: labels
            )
            addContent(bytes, key: key, to: &map)
            maps.append(.object(map))
        }
        return maps
    }

    /// A Secret for each secret that the project manages.
    mutating func secrets() throws(ConversionError) -> [Node] {
        var objects: [Node] = []
        for (key, secret) in project.secrets.sorted(by: { $0.key < $1.key }) {
            let path = ["secrets", key]
            guard !secret.external else {
                notes.approximate(
                    path + ["external"],
                    "Secret '\(objectName(of: key, "secret"))' must exist, with key '\(key)'"
                )
                continue
            }
            let source = ContentReader.Source(secret)
            let bytes = try contents.content(source, "secret", key, at: path)
            let labels = annotations(secret.labels, from: path + ["labels"])
            var object = object(
                "v1",
                "Secret",
                objectName(of: key, "secret"),
                annotations: labels
            )
            object.set("type", "Opaque")
            object.set("data", .texts([key: Base64.encode(bytes)]))
            objects.append(.object(object))
        }
        return objects
    }

    /// Adds content as text if it is UTF-8, otherwise in base64.
    func addContent(_ bytes: [UInt8], key: String, to map: inout Object) {
        if let text = String(validating: bytes, as: UTF8.self), !text.contains("\0") {
            map.set("data", .texts([key: text]))
        } else {
            map.set("binaryData", .texts([key: Base64.encode(bytes)]))
        }
    }
}
