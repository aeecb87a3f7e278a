import ComposeFile
import Notation

extension Project {
    /// Throws for the first network or volume with an attribute that is not supported.
    func checkResources() throws {
        for (key, network) in networks.sorted(by: { $0.key < $1.key }) {
            try check(name: network.name ?? key, of: "networks", key)
            if let driver = network.ipam.driver, !["", "default"].contains(driver) {
                throw OrchestratorError.unsupportedDriver(
                    driver,
                    of: "networks.\(key).ipam",
                    known: ["default"]
                )
            }
        }
        for (key, volume) in volumes.sorted(by: { $0.key < $1.key }) {
            try check(name: volume.name ?? key, of: "volumes", key)
            guard !volume.external, ["", "local"].contains(volume.driver ?? "") else { continue }
            if let option = VolumeOptions.unknown(in: volume.driverOptions) {
                throw OrchestratorError.unsupported(
                    place("volumes", key, "driver_opts", option),
                    reason: VolumeOptions.unknownReason
                )
            }
            if VolumeOptions.lacksDevice(volume.driverOptions) {
                throw OrchestratorError.unsupported(
                    place("volumes", key, "driver_opts"),
                    reason: VolumeOptions.missingDevice
                )
            }
        }
    }

    /// One warning for each attribute of a resource that has no effect.
    func resourceWarnings() -> [ComposeWarning] {
        var given: [(path: [String], isGiven: Bool)] = []
        for (key, network) in networks.sorted(by: { $0.key < $1.key }) {
            given.append((["networks", key, "attachable"], network.attachable))
        }
        for (key, config) in configs.sorted(by: { $0.key < $1.key }) {
            given.append((["configs", key, "name"], isExplicit(config.name, key)))
            given.append((["configs", key, "labels"], !config.labels.isEmpty))
        }
        for (key, secret) in secrets.sorted(by: { $0.key < $1.key }) {
            given.append((["secrets", key, "name"], isExplicit(secret.name, key)))
            given.append((["secrets", key, "labels"], !secret.labels.isEmpty))
            given.append((["secrets", key, "driver_opts"], !secret.driverOptions.isEmpty))
        }
        return given.filter(\.isGiven).map { attribute in
            let place = place(attribute.path)
            return ComposeWarning("\(place.path): has no effect; ignored", at: place.location)
        }
    }

    private func isExplicit(_ resource: String?, _ key: String) -> Bool {
        resource != nil && resource != "\(name)_\(key)"
    }

    private func check(name: String, of section: String, _ key: String) throws {
        guard !ObjectName.isValid(name) else { return }
        throw OrchestratorError.unsupported(
            place(section, key, "name"),
            reason: "'\(name)' is not a valid \(section.dropLast()) name; only \(ObjectName.rule) "
                + "is allowed"
        )
    }

    /// The attribute at `path`, for a message.
    func place(_ path: String...) -> AttributePlace { place(path) }

    private func place(_ path: [String]) -> AttributePlace {
        AttributePlace(
            path: path.joined(separator: "."),
            location: source.location(of: path)
        )
    }
}
