/// The options of the volume driver `local`, which mounts a file system in place of a directory.
enum VolumeOptions {
    static let known = ["device", "o", "type"]

    /// The first option that the driver does not have.
    static func unknown(in options: [String: String]) -> String? {
        options.keys.sorted().first { !known.contains($0) }
    }

    static let unknownReason =
        "unknown option of the driver 'local'; it has \(known.joined(separator: ", "))"
    static let missingDevice = "the option 'device' is missing; add it"

    /// Whether there are options but no device to mount.
    static func lacksDevice(_ options: [String: String]) -> Bool {
        !options.isEmpty && options["device"]?.isEmpty != false
    }

    /// The reason why the driver cannot apply the options; nil if it can.
    static func fault(in options: [String: String]) -> String? {
        if let option = unknown(in: options) { return "'\(option)': \(unknownReason)" }
        return lacksDevice(options) ? missingDevice : nil
    }
}
