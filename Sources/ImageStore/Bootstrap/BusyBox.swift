import Archive
import Linux
import OCI
import SystemPackage

/// The small image of the distribution's static BusyBox: one program under the names of its tools.
///
/// The host's own program is used if it is static, and the one in the package `busybox-static` is
/// downloaded otherwise.
struct BusyBox {
    static let references = ["busybox:latest"]

    /// Whether `reference` is the image's name.
    static func isNamed(_ reference: ImageReference) -> Bool {
        reference.domain == "docker.io" && reference.path == "library/busybox"
            && reference.digest == nil && reference.tag == "latest"
    }

    /// Whether a program needs no interpreter, by its ELF program headers. Source: elf(5).
    static func isStatic(_ program: [UInt8]) -> Bool {
        guard program.count >= 64, program.prefix(5) == [0x7F, 0x45, 0x4C, 0x46, 2] else {
            return false
        }
        func number(_ offset: Int, _ size: Int) -> Int? {
            guard offset >= 0, offset <= program.count - size else { return nil }
            return (0..<size).reversed().reduce(0) { value, index in
                value << 8 | Int(program[offset + index])
            }
        }
        guard let start = number(32, 4), let size = number(54, 2), let count = number(56, 2) else {
            return false
        }
        return (0..<count).allSatisfy { index in
            let interpreter = 3
            return number(start + index * size, 4).map { $0 != interpreter } ?? false
        }
    }

    /// Writes the root file system into an empty directory; `tools` are the names of the program.
    static func write(
        _ program: [UInt8],
        tools: [String],
        into root: FilePath
    ) throws(SystemCallError) {
        for directory in ["bin", "dev", "etc", "proc", "sys", "usr", "var"] {
            try FileSystem.makeDirectory(root.appending(directory))
            try FileSystem.setMode(of: root.appending(directory), to: 0o755)
        }
        for (directory, mode) in [("root", UInt16(0o700)), ("tmp", 0o1777)] {
            try FileSystem.makeDirectory(root.appending(directory))
            try FileSystem.setMode(of: root.appending(directory), to: mode)
        }
        let file = root.appending("bin/busybox")
        try Descriptor.open(file, [.writing, .creating], mode: 0o755).write(program)
        try FileSystem.setMode(of: file, to: 0o755)
        for tool in tools where tool != "busybox" && !tool.contains("/") {
            try FileSystem.makeSymbolicLink(root.appending("bin").appending(tool), to: "busybox")
        }
        for (name, text) in [
            ("passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n"),
            ("group", "root:x:0:\nnogroup:x:65534:\n"),
        ] {
            let file = root.appending("etc").appending(name)
            try Descriptor.open(file, [.writing, .creating], mode: 0o644).write(Array(text.utf8))
            try FileSystem.setMode(of: file, to: 0o644)
        }
    }
}

extension Bootstrap {
    /// Creates the image of BusyBox and tags it.
    func runBusyBox(
        _ reference: ImageReference,
        progress: @escaping @Sendable (String) -> Void
    ) throws(ImageStoreError) -> Image {
        let subject = reference.familiar
        let hold = try store.hold()
        let scratch = try store.makeSnapshotScratch()
        defer { store.discard(scratch) }
        let program = try busyBox(in: scratch, subject, progress)
        let bytes = try during(system: FileSystem.read(program))
        let tools = try output(of: program, ["--list"], subject)
        let tree = scratch.appending("root")
        try during(system: FileSystem.makeDirectory(tree, mode: 0o755))
        try during(
            system: BusyBox.write(
                bytes,
                tools: tools.split(separator: "\n").map(String.init),
                into: tree
            )
        )
        let created = Timestamp(seconds: midnight)
        let layer = try store.commit(upper: tree, over: nil, latestTime: created)
        var configuration = ImageConfiguration(created: created)
        configuration.config.env = ["PATH=/bin"]
        configuration.config.cmd = ["sh"]
        configuration.history = [
            History(created: created, createdBy: "swiftcompose image bootstrap: busybox-static")
        ]
        let image = try store.makeImage(configuration: configuration, layers: [layer])
        try store.tag(image, as: reference)
        _ = consume hold
        return image
    }

    /// The path of a static BusyBox: the host's, or one extracted below `scratch`.
    private func busyBox(
        in scratch: FilePath,
        _ subject: String,
        _ progress: @escaping @Sendable (String) -> Void
    ) throws(ImageStoreError) -> FilePath {
        for path in ["/usr/bin/busybox", "/bin/busybox"] as [FilePath] {
            // A program that cannot be read is not used.
            if let bytes = try? FileSystem.read(path), BusyBox.isStatic(bytes) { return path }
        }
        progress("downloading busybox-static")
        let script = """
            cd "$0" && apt-get download busybox-static >&2 \
            && dpkg-deb --extract busybox-static_*.deb package
            """
        _ = try output(
            of: try program("sh", package: "dash", for: subject),
            ["-c", script, scratch.string],
            subject
        )
        return scratch.appending("package/bin/busybox")
    }
}
