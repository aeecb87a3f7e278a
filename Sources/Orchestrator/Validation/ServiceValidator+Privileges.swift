import ComposeFile
import Linux
import Notation
import SystemPackage

/// Attributes that need root of the whole machine.
extension ServiceValidator {
    /// Throws for the first attribute that an ordinary user's containers cannot honour.
    func checkPrivileges() throws {
        guard let user = capabilities.user else { return }
        for (index, port) in service.ports.enumerated() where service.networkMode != .host {
            guard let first = port.publishedRange?.lowerBound, first > 0, first < user.firstPort
            else { continue }
            try reject(
                "ports",
                String(index),
                because: "port \(first) is reserved for root; publish \(user.firstPort) or higher, "
                    + "or let an administrator run "
                    + "'sysctl -w net.ipv4.ip_unprivileged_port_start=\(first)'"
            )
        }
        for (index, device) in service.devices.enumerated() {
            try checkAccess(device, index)
        }
    }

    private func checkAccess(_ device: Device, _ index: Int) throws {
        let path = FilePath(device.source)
        let permissions = device.permissions ?? "rwm"
        // A device that does not exist is reported for root, too.
        guard FileSystem.exists(path) else { return }
        let isAccessible =
            (!permissions.contains("r") || FileSystem.isReadable(path))
            && (!permissions.contains("w") || FileSystem.isWritable(path))
        guard !isAccessible else { return }
        try reject(
            "devices",
            String(index),
            because: "\(device.source) cannot be opened by this user; let an administrator give "
                + "access with 'setfacl -m u:USER:rw \(device.source)', or run the command as root"
        )
    }

    /// Attributes that are weaker for an ordinary user.
    var privilegeWarnings: [ComposeWarning] {
        guard let user = capabilities.user else { return [] }
        var warnings = capabilities.hasControlGroups ? [] : uselessLimits
        if service.networkMode == .host {
            warnings.append(
                warning(
                    "network_mode",
                    text: "is the network of this user's containers, not the host's, since only "
                        + "root may use that"
                )
            )
        }
        if let wanted = service.oomScoreAdjustment, wanted < user.outOfMemoryAdjustment {
            warnings.append(
                warning(
                    "oom_score_adj",
                    text: "is \(user.outOfMemoryAdjustment), since only root may protect processes "
                        + "more than its own"
                )
            )
        }
        for (name, limit) in service.ulimits.sorted(by: { $0.key < $1.key }) {
            guard let kind = ResourceLimit(name), let own = user.resourceLimits[kind],
                UInt64(bitPattern: limit.hard) > own
            else { continue }
            warnings.append(
                warning(
                    "ulimits",
                    name,
                    text: "is at most \(own), this user's own hard limit; raise that in "
                        + "/etc/security/limits.conf"
                )
            )
        }
        return warnings
    }

    private var uselessLimits: [ComposeWarning] {
        let limits = service.deploy?.limits
        let given: [(path: [String], isGiven: Bool)] = [
            (["mem_limit"], service.memoryLimit?.bytes ?? 0 > 0),
            (["mem_reservation"], service.memoryReservation?.bytes ?? 0 > 0),
            (["memswap_limit"], service.memorySwapLimit?.bytes ?? 0 > 0),
            (["pids_limit"], service.pidsLimit ?? 0 > 0),
            (["cpus"], service.cpus ?? 0 > 0),
            (["cpu_quota"], service.cpuQuota ?? 0 > 0),
            (["cpu_shares"], service.cpuShares ?? 0 > 0),
            (["cpuset"], service.cpuset?.isEmpty == false),
            (["blkio_config"], service.blockIO != nil),
            (
                ["deploy", "resources", "limits"],
                limits?.memory != nil || limits?.cpus != nil || limits?.pids != nil
            ),
        ]
        return given.filter(\.isGiven).map { entry in
            let place = place(entry.path)
            return ComposeWarning(
                "\(place.path): has no effect for an ordinary user, who may not change control "
                    + "groups; run as root to enforce it",
                at: place.location
            )
        }
    }
}
