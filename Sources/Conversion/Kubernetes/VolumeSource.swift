import ComposeFile
import Notation

/// The storage behind a named volume.
enum VolumeSource: Equatable {
    case claim
    /// A tmpfs of the local driver.
    case memory(ByteCount?)
    /// An NFS export mounted by the local driver.
    case nfs(server: String, path: String)

    init(_ definition: VolumeDefinition) {
        let options = definition.driverOptions
        let words = (options["o"] ?? "").split(separator: ",")
        switch options["type"] {
        case "tmpfs":
            let size = words.lazy.compactMap { $0.suffix(after: "size=") }.first
            self = .memory(size.flatMap { ByteCount(parsing: $0) })
        case "nfs", "nfs4":
            let server = words.lazy.compactMap { $0.suffix(after: "addr=") }.first
            let device = options["device"] ?? ""
            let path = device.hasPrefix(":") ? String(device.dropFirst()) : device
            self = server.map { .nfs(server: $0, path: path) } ?? .claim
        default: self = .claim
        }
    }
}
