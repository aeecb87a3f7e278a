import Linux
import OCI
import SystemPackage

extension RootFilesystem {
    private struct Node {
        var path: String
        var isBlock: Bool
        var number: DeviceNumber
        var mode: UInt16
        var user: UInt32 = 0
        var group: UInt32 = 0
    }

    /// Makes the nodes that every container has, those of the specification, and the links.
    ///
    /// Source: `config-linux.md`, default devices and `/dev` symbolic links.
    func makeDevices(_ devices: [RuntimeSpecification.Device]) throws(RuntimeError) {
        for (path, minor) in Self.standard {
            let number = DeviceNumber(major: path == "/dev/tty" ? 5 : 1, minor: minor)
            try make(Node(path: path, isBlock: false, number: number, mode: 0o666))
        }
        for device in devices where device.type != .fifo {
            try make(
                Node(
                    path: device.path,
                    isBlock: device.type == .block,
                    number: DeviceNumber(
                        major: UInt32(truncatingIfNeeded: device.major ?? 0),
                        minor: UInt32(truncatingIfNeeded: device.minor ?? 0)
                    ),
                    mode: UInt16(truncatingIfNeeded: (device.fileMode ?? 0o666) & 0o7777),
                    user: device.uid ?? 0,
                    group: device.gid ?? 0
                )
            )
        }
        try withRoot { (root) throws(RuntimeError) in
            try attempt(.devices) { () throws(SystemCallError) in
                for (path, target) in Self.links { try root.makeSymbolicLink(path, to: target) }
            }
        }
    }

    private func make(_ node: Node) throws(RuntimeError) {
        try withRoot { (root) throws(RuntimeError) in
            do throws(SystemCallError) {
                try root.makeDeviceNode(
                    node.path,
                    block: node.isBlock,
                    node.number,
                    mode: node.mode,
                    user: node.user,
                    group: node.group
                )
            } catch {
                // In a user namespace nodes cannot be made; the host's own is bound instead.
                guard error.reason == .notPermitted else {
                    throw RuntimeError.refused(.devices, error)
                }
                try attempt(.devices, node.path) { () throws(SystemCallError) in
                    let target = try root.make(node.path, .file)
                    try DetachedMount(copying: FilePath(node.path), recursively: false)
                        .attach(to: target)
                }
            }
        }
    }

    private static let standard: [(String, UInt32)] = [
        ("/dev/null", 3), ("/dev/zero", 5), ("/dev/full", 7), ("/dev/random", 8),
        ("/dev/urandom", 9), ("/dev/tty", 0),
    ]

    private static let links = [
        ("/dev/fd", "/proc/self/fd"), ("/dev/stdin", "/proc/self/fd/0"),
        ("/dev/stdout", "/proc/self/fd/1"), ("/dev/stderr", "/proc/self/fd/2"),
        ("/dev/core", "/proc/kcore"), ("/dev/ptmx", "pts/ptmx"),
    ]
}
