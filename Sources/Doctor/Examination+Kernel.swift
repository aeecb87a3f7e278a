import Linux
import SystemPackage

extension Examination {
    func kernel() -> Finding {
        let release = Self.parameter("kernel.osrelease") ?? ""
        // Overlays in user namespaces need Linux 5.11.
        let needed = KernelVersion(major: 5, minor: user == nil ? 10 : 11)
        guard let version = KernelVersion(parsing: release) else {
            return Finding(
                "kernel",
                .warning,
                "unknown version '\(release)'; Linux \(needed) is needed"
            )
        }
        guard version >= needed else {
            return Finding("kernel", .problem, "Linux \(release) is older than \(needed)")
        }
        return Finding("kernel", "Linux \(release)")
    }

    func namespaces() -> Finding {
        let kinds: Namespaces = [.mount, .network, .pid, .ipc, .uts, .cgroup]
        return trying("namespaces", found: "can be created") { error in
            // The kernel's own limits are the only ones that a command can lift.
            error.reason == .noSpace
                ? ["sysctl -w user.max_mnt_namespaces=15000 user.max_net_namespaces=15000"] : []
        } _: { () throws(SystemCallError) in
            try Trial.run(own(kinds)) {}
        }
    }

    func systemCallFilter() -> Finding {
        guard let actions = Self.parameter("kernel.seccomp.actions_avail") else {
            return Finding(
                "seccomp",
                .problem,
                "this kernel has no system call filters (CONFIG_SECCOMP_FILTER)"
            )
        }
        return Finding("seccomp", actions.contains("errno") ? .ok : .problem, "actions: \(actions)")
    }

    /// Layers are stacked in the data directory: some file systems cannot.
    func overlay() -> Finding {
        let place = nearestDirectory
        return trying("overlay", found: "works in \(place)") { error in
            error.reason == .operationNotSupportedByDevice
                ? ["modprobe overlay"] : ["export SWIFTCOMPOSE_ROOT=/path/on/ext4/or/xfs"]
        } _: { () throws(SystemCallError) in
            let scratch = place.appending(".swiftcompose-doctor-\(CurrentProcess.pid)")
            try FileSystem.makeDirectory(scratch, mode: 0o700)
            defer {
                // What cannot be removed is reported by the file system's own check.
                try? FileSystem.removeTree(scratch)
            }
            try Trial.run(own(.mount)) { () throws(SystemCallError) in
                try Mount.change("/", propagation: .private, recursively: true)
                try OverlayTrial(scratch: scratch).run()
            }
        }
    }

    /// The data directory, or the nearest one above it that exists.
    var nearestDirectory: FilePath {
        var path = data
        while !FileSystem.exists(path), !path.removingLastComponent().isEmpty {
            path = path.removingLastComponent()
        }
        return path
    }

    func clock() -> Finding {
        let now = Duration.seconds(WallClock.now().seconds)
        // The time of our own file, which no clock that is right precedes by a day.
        let built = (try? FileSystem.status(of: "/proc/self/exe"))?.modified ?? .zero
        guard now + .seconds(86_400) < built else { return Finding("clock", "plausible") }
        return Finding(
            "clock",
            .problem,
            "the clock is behind the date of this program, so certificates of registries are "
                + "not valid yet",
            remedies: ["timedatectl set-ntp true"]
        )
    }
}

/// The operations of containers on an overlay: mounting, hiding a file, replacing a directory.
private struct OverlayTrial {
    let scratch: FilePath

    func run() throws(SystemCallError) {
        let (lower, merged) = (scratch.appending("lower"), scratch.appending("merged"))
        let (upper, work) = (scratch.appending("upper"), scratch.appending("work"))
        for directory in [lower, merged, upper, work, lower.appending("directory")] {
            try FileSystem.makeDirectory(directory, mode: 0o700)
        }
        try FileSystem.makeDirectory(lower.appending("directory").appending("inner"))
        try OverlayMount.attach(lower: [lower], upper: (upper, work), to: merged)
        try FileSystem.removeTree(merged.appending("directory"))
        try FileSystem.makeDirectory(merged.appending("directory"))
        guard try FileSystem.entries(of: merged.appending("directory")).isEmpty else {
            throw SystemCallError(
                call: "mkdir",
                subject: "opaque directory",
                reason: .notSupported
            )
        }
    }
}
