import Linux
import OCI
import SystemPackage

// Protection of kernel files, after the root directory has been changed.
extension RootFilesystem {
    /// Hides files behind `/dev/null` and directories behind an empty read-only tmpfs.
    func mask(_ paths: [String]) throws(RuntimeError) {
        guard !paths.isEmpty else { return }
        try withRoot { (root) throws(RuntimeError) in
            try RuntimeError.during(.protection, Self.mask(paths, in: root))
        }
    }

    private static func mask(
        _ paths: [String],
        in root: borrowing ConfinedDirectory
    ) throws(SystemCallError) {
        let null = try openNull(in: root)
        let empty = try DetachedMount(
            type: "tmpfs",
            source: "tmpfs",
            settings: [MountSetting("size", "0"), MountSetting("mode", "755")],
            attributes: .readOnly
        )
        var isUsed = false
        for path in paths {
            guard let place = try existing(path, in: root) else { continue }
            if try place.status().kind != .directory {
                let cover = try DetachedMount(copying: null, recursively: false)
                try cover.change(set: .readOnly)
                try cover.attach(to: place)
            } else if isUsed {
                try DetachedMount(copying: empty.descriptor, recursively: false).attach(to: place)
            } else {
                try empty.attach(to: place)
                isUsed = true
            }
        }
    }

    private static func openNull(
        in root: borrowing ConfinedDirectory
    ) throws(SystemCallError) -> Descriptor {
        let null = try root.open("/dev/null")
        let status = try null.status()
        guard status.kind == .characterDevice, status.node == DeviceNumber(major: 1, minor: 3)
        else {
            throw SystemCallError(
                call: "open",
                subject: "/dev/null",
                reason: .operationNotSupportedByDevice
            )
        }
        return null
    }

    /// Makes these paths read-only, but not the other paths on their file systems.
    func makeReadOnly(_ paths: [String]) throws(RuntimeError) {
        guard !paths.isEmpty else { return }
        try withRoot { (root) throws(RuntimeError) in
            try RuntimeError.during(.protection, Self.makeReadOnly(paths, in: root))
        }
    }

    private static func makeReadOnly(
        _ paths: [String],
        in root: borrowing ConfinedDirectory
    ) throws(SystemCallError) {
        for path in paths {
            guard let place = try existing(path, in: root) else { continue }
            let view = try DetachedMount(copying: place, recursively: true)
            try view.change(set: .readOnly)
            try view.attach(to: place)
        }
    }

    /// Makes the root itself read-only, but not the mounts below it.
    func makeRootReadOnly() throws(RuntimeError) {
        try RuntimeError.during(.protection, "/", Mount.change("/", set: .readOnly))
    }

    private static func existing(
        _ path: String,
        in root: borrowing ConfinedDirectory
    ) throws(SystemCallError) -> Descriptor? {
        do {
            return try root.open(path)
        } catch  where error.reason == .noSuchFileOrDirectory || error.reason == .notDirectory {
            return nil
        }
    }
}
