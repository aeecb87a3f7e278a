import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// Measures the time from start to exit of `true` in a container, as a ratio to bare system calls.
///
/// As root, with busybox-static: `swift run -c release ContainerStart [ROUNDS]`.
@main
enum ContainerStart {
    static func main() throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100
        let scratch = try Scratch()
        defer { scratch.remove() }
        // Discovered once, as by the supervisor of a project.
        let hierarchy = try CgroupHierarchy.discover()
        var (floors, containers): ([Duration], [Duration]) = ([], [])
        // Alternately, so that other load on the machine affects both alike.
        for round in 0..<rounds + 5 {
            let floor = try BareCalls.run(in: scratch)
            let container = try FullContainer.run(in: scratch, hierarchy, round: round)
            if round < 5 { continue }
            floors.append(floor)
            containers.append(container)
        }
        let (floor, container) = (floors.median, containers.median)
        print("bare calls  median \(floor)  fastest \(floors.min() ?? floor)")
        print("container   median \(container)  fastest \(containers.min() ?? container)")
        print("ratio       median \(container / floor)")
    }
}

extension [Duration] {
    /// The upper median.
    var median: Duration { sorted()[count / 2] }
}

/// A scratch directory with an image that contains only busybox.
struct Scratch {
    let directory: FilePath

    init() throws {
        let name = "container-start-" + String(UInt64.random(in: .min ... .max), radix: 36)
        directory = FilePath("/tmp").appending(name)
        for part in ["image/bin", "image/proc", "upper", "work", "rootfs"] {
            try FileSystem.makeDirectories(directory.appending(part))
        }
        let program = directory.appending("image/bin/busybox")
        try AtomicFile.write(try FileSystem.read("/bin/busybox"), to: program, mode: 0o755)
        try FileSystem.makeSymbolicLink(directory.appending("image/bin/true"), to: "busybox")
    }

    func remove() {
        // A failed benchmark has already reported its error.
        try? FileSystem.removeTree(directory)
    }
}

/// The lower bound: new namespaces, an overlay mount, a procfs, pivot_root, execve, wait.
enum BareCalls {
    static func run(in scratch: Scratch) throws -> Duration {
        let clock = ContinuousClock()
        let start = clock.now
        let namespaces: Namespaces = [.mount, .pid, .ipc, .uts, .cgroup, .network]
        let process = try Clone.start(namespaces) {
            do {
                try becomeTrue(scratch.directory)
            } catch {
                CurrentProcess.end(1)
            }
        }
        let status = try process.wait()
        precondition(status == .exited(0), "the bare calls failed: \(status)")
        return clock.now - start
    }

    private static func becomeTrue(_ directory: FilePath) throws -> Never {
        try Mount.change("/", propagation: .private, recursively: true)
        let root = directory.appending("rootfs")
        try OverlayMount.attach(
            lower: [directory.appending("image")],
            upper: (directory.appending("upper"), directory.appending("work")),
            to: root
        )
        try DetachedMount(type: "proc", source: "proc").attach(to: root.appending("proc"))
        try Mount.pivotRoot(into: .open(root, [.pathOnly, .directory]))
        throw ProgramCall(arguments: ["true"]).execute("/bin/true")
    }
}

/// A container with the defaults of `docker run`, including all its protection.
enum FullContainer {
    static func run(
        in scratch: Scratch,
        _ hierarchy: CgroupHierarchy,
        round: Int
    ) throws -> Duration {
        var description = DefaultSpecification(
            arguments: ["/bin/true"],
            cgroupPath: "/swiftcompose-benchmark/\(round)"
        )
        description.overlay = .init(
            lower: [scratch.directory.appending("image")],
            upper: scratch.directory.appending("upper"),
            work: scratch.directory.appending("work")
        )
        let bundle = Bundle(
            directory: scratch.directory,
            specification: try description.specification()
        )
        let clock = ContinuousClock()
        let start = clock.now
        // As by the supervisor of a project, but without a network.
        let container = try Container.create(bundle, streams: .inherited, hierarchy: hierarchy)
        let process = try container.start()
        let status = try process.wait()
        let duration = clock.now - start
        precondition(status == .exited(0), "the container failed: \(status)")
        try Cgroup(description.cgroupPath, in: hierarchy).remove()
        return duration
    }
}
