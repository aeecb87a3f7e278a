import Linux
import OCI
import SystemPackage

extension RootFilesystem {
    private struct Node {
        /// An absolute path, or a name in `/dev`.
        var path: String
        var isBlock: Bool
        var number: DeviceNumber
        var mode: UInt16
        var user: UInt32 = 0
        var group: UInt32 = 0

        init(path: String, isBlock: Bool, number: DeviceNumber, mode: UInt16) {
            self.path = path
            self.isBlock = isBlock
            self.number = number
            self.mode = mode
        }

        init(_ device: RuntimeSpecification.Device) {
            path = device.path
            isBlock = device.type == .block
            number = DeviceNumber(
                major: UInt32(truncatingIfNeeded: device.major ?? 0),
                minor: UInt32(truncatingIfNeeded: device.minor ?? 0)
            )
            mode = UInt16(truncatingIfNeeded: (device.fileMode ?? 0o666) & 0o7777)
            user = device.uid ?? 0
            group = device.gid ?? 0
        }
    }

    /// Creates the default devices, those of the specification, and the symbolic links.
    ///
    /// Source: `config-linux.md`, default devices and `/dev` symbolic links.
    func makeDevices(_ devices: [RuntimeSpecification.Device]) throws(RuntimeError) {
        guard makesDevices else { return }
        let directory = ConfinedDirectory(try make("/dev", .directory))
        for (name, minor) in Self.standard {
            let number = DeviceNumber(major: name == "tty" ? 5 : 1, minor: minor)
            try make(Node(path: name, isBlock: false, number: number, mode: 0o666), in: directory)
        }
        try withRoot { (root) throws(RuntimeError) in
            for device in devices where device.type != .fifo { try make(Node(device), in: root) }
        }
        for (name, target) in Self.links {
            try RuntimeError.during(.devices, directory.makeSymbolicLink(name, to: target))
        }
    }

    private func make(
        _ node: Node,
        in directory: borrowing ConfinedDirectory
    ) throws(RuntimeError) {
        do throws(SystemCallError) {
            try directory.makeDeviceNode(
                node.path,
                block: node.isBlock,
                node.number,
                mode: node.mode,
                user: node.user,
                group: node.group
            )
        } catch {
            // In a user namespace nodes cannot be created; the host's node is bound instead.
            guard error.reason == .notPermitted else { throw .refused(.devices, error) }
            try RuntimeError.during(.devices, node.path, Self.bind(node.path, in: directory))
        }
    }

    private static func bind(
        _ path: String,
        in directory: borrowing ConfinedDirectory
    ) throws(SystemCallError) {
        let target = try directory.make(path, .file)
        let source = FilePath("/dev").pushing(FilePath(path))
        try DetachedMount(copying: source, recursively: false).attach(to: target)
    }

    private static let standard: [(String, UInt32)] = [
        ("null", 3), ("zero", 5), ("full", 7), ("random", 8), ("urandom", 9), ("tty", 0),
    ]

    private static let links = [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"), ("core", "/proc/kcore"), ("ptmx", "pts/ptmx"),
    ]
}
