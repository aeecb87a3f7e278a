import Glibc
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import ImageStore

/// Skips tests that set owners, create devices and set trusted attributes without root.
let needsRoot: ConditionTrait = .enabled(if: geteuid() == 0, "snapshots need root")

/// A store in a scratch directory.
struct StoreFixture {
    let root: FilePath
    let store: ImageStore

    /// A layer of the given files over `parent`, committed from an upper directory.
    func layer(_ files: [String: String], over parent: Layer? = nil) throws -> Layer {
        let upper = root.appending("upper-\(UInt64.random(in: .min ... .max))")
        for (name, text) in files {
            let path = upper.appending(FilePath(name).components)
            try FileSystem.makeDirectories(path.removingLastComponent())
            try AtomicFile.write(Array(text.utf8), to: path)
        }
        return try store.commit(upper: upper, over: parent?.chainID)
    }

    /// An image of one layer with one file.
    func image(_ name: String, content: String = "hello") throws -> Image {
        let layer = try layer(["etc/name": content])
        let image = try store.makeImage(configuration: ImageConfiguration(), layers: [layer])
        try store.tag(image, as: ImageReference(name))
        return image
    }
}

/// Calls `body` with a new store, which is removed afterwards.
func withStore(_ body: (StoreFixture) throws -> Void) throws {
    try withScratchDirectory(in: "/var/tmp") { root in
        try body(StoreFixture(root: root, store: ImageStore(root: root.appending("data"))))
    }
}

/// Runs a shell command, discarding its output; records an issue if it fails.
func shell(_ command: String) throws {
    let null = try Descriptor.open("/dev/null", .readingAndWriting)
    let process = try ChildProgram.start(
        "/bin/sh",
        arguments: ["-c", command],
        environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"],
        input: null,
        output: null,
        error: null
    )
    #expect(try process.wait() == .exited(0), "\(command)")
}

/// Whether a program is installed.
func isInstalled(_ program: String) -> Bool {
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].contains {
        FileSystem.exists(FilePath($0).appending(program))
    }
}
