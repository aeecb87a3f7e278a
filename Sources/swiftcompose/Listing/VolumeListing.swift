import OCI
import Orchestrator
import SystemPackage

extension VolumeRecord {
    /// The fields of `docker volume ls`.
    func listing(in store: VolumeStore) -> [String: String] {
        [
            "Availability": "N/A", "Driver": driver, "Group": "N/A", "Labels": labels.list,
            "Links": "N/A", "Mountpoint": store.content(of: name).string, "Name": name,
            "Scope": "local", "Size": "N/A", "Status": "N/A",
        ]
    }
}

extension VolumeSnapshot {
    /// The fields of `volume ls --snapshots`.
    var listing: [String: String] {
        [
            "CreatedAt": created.description, "Name": name,
            "Size": DecimalSize.text(size), "Volume": volume,
        ]
    }
}

/// The fields of `docker volume inspect`.
struct VolumeInspection: Encodable {
    let volume: VolumeRecord
    let mountpoint: String

    private enum CodingKeys: String, CodingKey {
        case createdAt = "CreatedAt"
        case driver = "Driver"
        case labels = "Labels"
        case mountpoint = "Mountpoint"
        case name = "Name"
        case options = "Options"
        case scope = "Scope"
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(volume.created.description, forKey: .createdAt)
        try json.encode(volume.driver, forKey: .driver)
        try json.encode(volume.labels, forKey: .labels)
        try json.encode(mountpoint, forKey: .mountpoint)
        try json.encode(volume.name, forKey: .name)
        try json.encode(volume.options, forKey: .options)
        try json.encode("local", forKey: .scope)
    }
}
