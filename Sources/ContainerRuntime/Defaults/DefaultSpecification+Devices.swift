import Linux
import OCI
public import SystemPackage

extension DefaultSpecification {
    /// A host device to pass to the container.
    public struct DeviceRequest: Sendable, Equatable {
        /// A device node, or a directory with device nodes.
        public var source: FilePath
        /// The path in the container; nil for the same path.
        public var target: String?
        /// A combination of `r`, `w` and `m`.
        public var permissions: String

        public init(source: FilePath, target: String? = nil, permissions: String = "rwm") {
            self.source = source
            self.target = target
            self.permissions = permissions
        }
    }

    struct FoundDevice {
        var node: RuntimeSpecification.Device
        var permissions: String
    }

    /// Returns the requested device nodes, and for a privileged container all of the host's.
    func allDevices() throws(RuntimeError) -> [FoundDevice] {
        var found: [FoundDevice] = []
        if isPrivileged {
            found += try nodes(at: "/dev", as: "/dev", permissions: "rwm", skipping: Self.ownTrees)
        }
        for request in devices {
            guard Set(request.permissions).isSubset(of: Set("rwm")), !request.permissions.isEmpty
            else {
                throw .invalid(
                    field: "devices",
                    value: request.permissions,
                    expected: "permissions of the letters r, w and m"
                )
            }
            found += try nodes(
                at: request.source,
                as: request.target ?? request.source.string,
                permissions: request.permissions
            )
        }
        return found
    }

    /// Parts of `/dev` of which every container has its own.
    private static let ownTrees: Set<FilePath> = [
        "/dev/pts", "/dev/shm", "/dev/mqueue", "/dev/fd", "/dev/console", "/dev/ptmx",
        "/dev/.lxc", "/dev/.lxd-mounts",
    ]

    private func nodes(
        at path: FilePath,
        as target: String,
        permissions: String,
        skipping skipped: Set<FilePath> = []
    ) throws(RuntimeError) -> [FoundDevice] {
        if skipped.contains(path) { return [] }
        let status = try RuntimeError.during(
            .devices,
            FileSystem.status(of: path, followingLink: skipped.isEmpty)
        )
        switch status.kind {
        case .characterDevice, .blockDevice:
            let node = RuntimeSpecification.Device(
                type: status.kind == .blockDevice ? .block : .character,
                path: target,
                major: Int64(status.node.major),
                minor: Int64(status.node.minor),
                fileMode: UInt32(status.mode),
                uid: status.owner,
                gid: status.group
            )
            return [FoundDevice(node: node, permissions: permissions)]
        case .directory:
            let names = try RuntimeError.during(.devices, FileSystem.entries(of: path))
            var found: [FoundDevice] = []
            for name in names {
                // An entry may be another kind of file or have been removed; only the root must
                // be a device.
                found +=
                    (try? nodes(
                        at: path.appending(name),
                        as: "\(target)/\(name)",
                        permissions: permissions,
                        skipping: skipped.union([path])
                    )) ?? []
            }
            return found
        default:
            if !skipped.isEmpty { return [] }
            throw .invalid(
                field: "devices",
                value: path.string,
                expected: "a device node, or a directory with device nodes"
            )
        }
    }

    /// Returns rules that deny everything and then allow the given devices; for a privileged
    /// container, one that allows everything.
    func rules(
        for devices: [FoundDevice]
    ) throws(RuntimeError) -> [RuntimeSpecification.DeviceRule] {
        if isPrivileged { return [.init(allow: true, access: "rwm")] }
        var rules = [RuntimeSpecification.DeviceRule(allow: false, access: "rwm")]
        rules += devices.map { device in
            .init(
                allow: true,
                type: device.node.type.rawValue,
                major: device.node.major,
                minor: device.node.minor,
                access: device.permissions
            )
        }
        for text in deviceRules { rules.append(try Self.rule(text)) }
        return rules
    }

    /// Parses a rule such as `c 1:3 mr` or `a *:* rwm`.
    static func rule(_ text: String) throws(RuntimeError) -> RuntimeSpecification.DeviceRule {
        let words = text.split(separator: " ")
        let fault = RuntimeError.invalid(
            field: "device_cgroup_rules",
            value: text,
            expected: "type, numbers and permissions, such as 'c 1:3 mr' or 'b 8:* rwm'"
        )
        guard words.count == 3, ["a", "b", "c"].contains(words[0]),
            Set(words[2]).isSubset(of: Set("rwm"))
        else { throw fault }
        let numbers = words[1].split(separator: ":", omittingEmptySubsequences: false)
        guard numbers.count == 2,
            numbers.allSatisfy({ $0 == "*" || UInt32($0) != nil })
        else { throw fault }
        return .init(
            allow: true,
            type: String(words[0]),
            major: Int64(numbers[0]),
            minor: Int64(numbers[1]),
            access: String(words[2])
        )
    }
}
