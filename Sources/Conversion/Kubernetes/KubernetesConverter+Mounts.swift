import ComposeFile
import Notation

extension KubernetesConverter {
    /// Adds the volumes of a pod and their mounts.
    mutating func addMounts(to pod: inout PodDesign) throws(ConversionError) {
        for (index, mount) in pod.service.volumes.enumerated() {
            let path = pod.path("volumes", String(index))
            switch mount.kind {
            case .volume: addVolume(mount, index, to: &pod)
            case .bind: try addBind(mount, path, index, to: &pod)
            case .tmpfs:
                addMemory(mount.target, size: mount.tmpfs?.size, "tmpfs-\(index)", to: &pod)
            case .image:
                notes.miss(path, "copy the content in the Dockerfile: COPY --from=IMAGE")
            case .npipe, .cluster:
                notes.miss(path, "use a named volume")
            }
        }
        for (index, text) in pod.service.tmpfs.enumerated() {
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard let target = parts.first else { continue }
            let options = parts.count > 1 ? parts[1].split(separator: ",") : []
            let size = options.lazy.compactMap { $0.suffix(after: "size=") }.first
            if options.contains(where: { !$0.hasPrefix("size=") }) {
                notes.approximate(
                    pod.path("tmpfs"),
                    "an emptyDir in memory, with the option 'size' only"
                )
            }
            let bytes = size.flatMap { ByteCount(parsing: $0) }
            addMemory(target, size: bytes, "memory-\(index)", to: &pod)
        }
        if let size = pod.service.shmSize { addMemory("/dev/shm", size: size, "shm", to: &pod) }
        addFiles(pod.service.configs, "config", to: &pod)
        addFiles(pod.service.secrets, "secret", to: &pod)
    }

    private func addMemory(
        _ target: String,
        size: ByteCount?,
        _ name: String,
        to pod: inout PodDesign
    ) {
        var directory = Object()
        directory.set("medium", "Memory")
        directory.set("sizeLimit", size.flatMap { Self.quantity($0.bytes) })
        pod.volumes.append(["name": .text(name), "emptyDir": .object(directory)])
        pod.mounts.append(["name": .text(name), "mountPath": .text(target)])
    }

    private func addVolume(_ mount: ServiceVolume, _ index: Int, to pod: inout PodDesign) {
        let name: String
        if let key = mount.source {
            name = ResourceName.label("volume-\(key)")
            let isKnown = pod.volumes.contains { $0.name == name }
            if !isKnown { pod.volumes.append(volume(key, name)) }
        } else {
            name = "anonymous-\(index)"
            pod.volumes.append(["name": .text(name), "emptyDir": [:]])
        }
        var entry = Object()
        entry.set("name", name)
        entry.set("mountPath", mount.target)
        entry.set("subPath", mount.volume?.subpath)
        if mount.readOnly { entry.set("readOnly", true) }
        pod.mounts.append(.object(entry))
    }

    /// The volume for a key under `volumes`.
    private func volume(_ key: String, _ name: String) -> Node {
        let definition = project.volumes[key] ?? VolumeDefinition()
        let source = VolumeSource(definition)
        switch source {
        case .claim:
            return [
                "name": .text(name), "persistentVolumeClaim": ["claimName": .text(claimName(key))],
            ]
        case .memory(let size):
            var directory = Object()
            directory.set("medium", "Memory")
            directory.set("sizeLimit", size.flatMap { Self.quantity($0.bytes) })
            return ["name": .text(name), "emptyDir": .object(directory)]
        case .nfs(let server, let path):
            return [
                "name": .text(name), "nfs": ["server": .text(server), "path": .text(path)],
            ]
        }
    }

    private mutating func addBind(
        _ mount: ServiceVolume,
        _ path: [String],
        _ index: Int,
        to pod: inout PodDesign
    ) throws(ConversionError) {
        guard let source = mount.source else { return }
        let directory = project.workingDirectory
        let isInProject = source == directory || source.hasPrefix(directory + "/")
        let name = "bind-\(index)"
        var entry = Object()
        entry.set("name", name)
        entry.set("mountPath", mount.target)
        if isInProject {
            guard contents.access.kind(source) == .file else {
                notes.miss(
                    path,
                    "the project's directory is not on the nodes; COPY the content in the "
                        + "Dockerfile, or use a named volume"
                )
                return
            }
            let key = ResourceName.label("\(names[pod.service.name] ?? pod.service.name)-\(name)")
            var map = object("v1", "ConfigMap", key, labels: labels(pod.service))
            let bytes = try contents.content(.file(source), "file", source, at: path)
            addContent(bytes, key: "content", to: &map)
            mountedFiles[key] = .object(map)
            pod.volumes.append(["name": .text(name), "configMap": ["name": .text(key)]])
            entry.set("subPath", "content")
            entry.set("readOnly", true)
            notes.approximate(path, "a copy of the file in ConfigMap '\(key)', read-only")
        } else {
            pod.volumes.append(["name": .text(name), "hostPath": ["path": .text(source)]])
            if mount.readOnly { entry.set("readOnly", true) }
            if let propagation = mount.bind?.propagation {
                entry.set("mountPropagation", Self.propagation(propagation))
            }
            notes.approximate(path, "a hostPath: the path on the node that runs the pod")
        }
        pod.mounts.append(.object(entry))
    }

    private static func propagation(_ mode: String) -> String {
        switch mode {
        case "shared", "rshared": "Bidirectional"
        case "slave", "rslave": "HostToContainer"
        default: "None"
        }
    }

    private mutating func addFiles(
        _ references: [FileReference],
        _ kind: String,
        to pod: inout PodDesign
    ) {
        for (index, reference) in references.enumerated() {
            let name = "\(kind)-\(index)"
            let target = target(of: reference, kind)
            var item = Object()
            item.set("key", reference.source)
            item.set("path", "content")
            if let mode = reference.mode { item.set("mode", .integer(Int(mode & 0o777))) }
            let items: Node = [.object(item)]
            let object = objectName(of: reference.source, kind)
            let isSecret = kind == "secret"
            let source: Node = [
                isSecret ? "secretName" : "name": .text(object), "items": items,
            ]
            pod.volumes.append(["name": .text(name), isSecret ? "secret" : "configMap": source])
            pod.mounts.append([
                "name": .text(name), "mountPath": .text(target), "subPath": "content",
                "readOnly": true,
            ])
        }
    }

    private func target(of reference: FileReference, _ kind: String) -> String {
        guard let target = reference.target else {
            return kind == "secret" ? "/run/secrets/\(reference.source)" : "/\(reference.source)"
        }
        if target.hasPrefix("/") { return target }
        return kind == "secret" ? "/run/secrets/\(target)" : "/\(target)"
    }
}

extension Node {
    /// The value of the key `name`.
    fileprivate var name: String? {
        guard case .object(let object) = self, case .text(let name)? = object["name"] else {
            return nil
        }
        return name
    }
}
