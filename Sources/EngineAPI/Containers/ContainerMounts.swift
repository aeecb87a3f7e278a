import OCI
import Orchestrator

extension ContainerRecord {
    /// The mounts that were asked for, in the form of the Engine API.
    var mountDocuments: JSON {
        .array(
            mounts.map { mount in
                let options = mount.options ?? []
                let isReadOnly = options.contains("ro") || options.contains("rro")
                let volume = volumes.first { $0.target == mount.destination }
                let propagations: Set = [
                    "rprivate", "private", "rshared", "shared", "rslave", "slave",
                ]
                let kind = volume != nil ? "volume" : mount.type == "tmpfs" ? "tmpfs" : "bind"
                var document: JSON = [
                    "Type": .string(kind), "Source": .string(mount.source ?? ""),
                    "Destination": .string(mount.destination), "Mode": "",
                    "RW": .bool(!isReadOnly),
                    "Propagation": .string(
                        kind == "bind" ? options.first(where: propagations.contains) ?? "" : ""
                    ),
                ]
                if let volume {
                    document["Name"] = .string(volume.name)
                    document["Driver"] = "local"
                }
                if kind == "tmpfs" { document["Source"] = "" }
                return document
            }
        )
    }
}
