import ComposeFile
import Notation

extension SwarmConverter {
    /// The mounts of a service, in the long form.
    mutating func mounts(of service: Service) -> [Node] {
        var mounts: [Node] = []
        for (index, mount) in service.volumes.enumerated() {
            let path = ["services", service.name, "volumes", String(index)]
            switch mount.kind {
            case .volume, .bind, .tmpfs, .npipe: mounts.append(self.mount(mount, path))
            case .image: notes.miss(path, "copy the content in the Dockerfile: COPY --from=IMAGE")
            case .cluster: notes.miss(path, "use a named volume with a driver for clusters")
            }
        }
        for (index, text) in service.tmpfs.enumerated() {
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard let target = parts.first else { continue }
            let options = parts.count > 1 ? parts[1].split(separator: ",") : []
            if options.contains(where: { !$0.hasPrefix("size=") }) {
                notes.approximate(
                    ["services", service.name, "tmpfs", String(index)],
                    "a tmpfs with the option 'size' only"
                )
            }
            let size = options.lazy.compactMap { $0.suffix(after: "size=") }.first
            let bytes = size.flatMap { ByteCount(parsing: $0)?.bytes }
            mounts.append(tmpfs(target, size: bytes.map(Int.init(clamping:))))
        }
        return mounts
    }

    private func tmpfs(_ target: String, size: Int?) -> Node {
        var object = Object()
        object.set("type", "tmpfs")
        object.set("target", target)
        object.set("tmpfs", size.map { ["size": .integer($0)] })
        return .object(object)
    }

    private mutating func mount(_ mount: ServiceVolume, _ path: [String]) -> Node {
        if mount.kind == .tmpfs {
            return tmpfs(mount.target, size: mount.tmpfs?.size.map { Int(clamping: $0.bytes) })
        }
        var object = Object()
        object.set("type", mount.kind.rawValue)
        object.set("source", mount.source)
        object.set("target", mount.target)
        if mount.readOnly { object.set("read_only", true) }
        if mount.kind == .bind {
            notes.approximate(
                path + ["source"],
                "the path must exist on each node; use a config, or a volume of a shared driver"
            )
            object.set("bind", mount.bind?.propagation.map { ["propagation": .text($0)] })
        }
        if mount.volume?.noCopy == true { object.set("volume", ["nocopy": true]) }
        return .object(object)
    }
}
