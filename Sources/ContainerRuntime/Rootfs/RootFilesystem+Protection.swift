import Linux
import OCI
import SystemPackage

// After the pivot: what the container must not read, must not write, and is told.
extension RootFilesystem {
    /// Hides files behind `/dev/null` and directories behind an empty read-only tmpfs.
    func mask(_ paths: [String]) throws(RuntimeError) {
        guard !paths.isEmpty else { return }
        try withRoot { (root) throws(RuntimeError) in
            try attempt(.protection) { () throws(SystemCallError) in
                let null = try root.open("/dev/null")
                let status = try null.status()
                guard status.kind == .characterDevice,
                    status.node == DeviceNumber(major: 1, minor: 3)
                else {
                    throw SystemCallError(
                        call: "open",
                        subject: "/dev/null",
                        reason: .operationNotSupportedByDevice
                    )
                }
                let empty = try DetachedMount(
                    type: "tmpfs",
                    source: "tmpfs",
                    settings: [MountSetting("size", "0"), MountSetting("mode", "755")],
                    attributes: .readOnly
                )
                var isUsed = false
                for path in paths {
                    guard let place = try Self.existing(path, in: root) else { continue }
                    if try place.status().kind != .directory {
                        let cover = try DetachedMount(copying: null, recursively: false)
                        try cover.change(set: .readOnly)
                        try cover.attach(to: place)
                    } else if isUsed {
                        try DetachedMount(copying: empty.descriptor, recursively: false)
                            .attach(to: place)
                    } else {
                        try empty.attach(to: place)
                        isUsed = true
                    }
                }
            }
        }
    }

    /// Makes the mounts at these paths read-only, of nothing else.
    func makeReadOnly(_ paths: [String]) throws(RuntimeError) {
        guard !paths.isEmpty else { return }
        try withRoot { (root) throws(RuntimeError) in
            try attempt(.protection) { () throws(SystemCallError) in
                for path in paths {
                    guard let place = try Self.existing(path, in: root) else { continue }
                    let view = try DetachedMount(copying: place, recursively: true)
                    try view.change(set: .readOnly)
                    try view.attach(to: place)
                }
            }
        }
    }

    /// Makes the root itself read-only, not what is mounted below it.
    func makeRootReadOnly() throws(RuntimeError) {
        try attempt(.protection, "/") { () throws(SystemCallError) in
            try Mount.change("/", set: .readOnly)
        }
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
