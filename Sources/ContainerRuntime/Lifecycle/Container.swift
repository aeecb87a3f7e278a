import Linux
import OCI
import SystemPackage

/// Creates containers from bundles, in the two steps of the OCI runtime specification.
public enum Container {
    /// Options that are not part of the bundle.
    public struct Options: Sendable, Equatable {
        /// Kills the container when the calling thread exits; otherwise it outlives its parent.
        public var endsWithParent: Bool

        public init(endsWithParent: Bool = false) { self.endsWithParent = endsWithParent }
    }

    /// Clones the process of a container, which sets itself up while the caller continues.
    ///
    /// The caller has one thread: the process is a copy of it that continues without execve.
    public static func create(
        _ bundle: Bundle,
        streams: StandardStreams = .null,
        hierarchy: CgroupHierarchy? = nil,
        options: Options = Options()
    ) throws(RuntimeError) -> PendingContainer {
        let threads = try RuntimeError.during(.clone, Clone.threadCount())
        guard threads == 1 else { throw .severalThreads(threads) }
        let hierarchy = if let hierarchy { hierarchy } else { try CgroupHierarchy.discover() }
        let linux = bundle.specification.linux ?? .init()
        try check(linux)
        let fallback = "/swiftcompose/\(bundle.directory.lastComponent?.string ?? "container")"
        let cgroup = Cgroup(linux.cgroupsPath ?? fallback, in: hierarchy)
        try cgroup.createUnified(linux.resources)
        do {
            return try clone(bundle, linux, streams, cgroup, options)
        } catch {
            // The first error is reported; an empty group costs nothing.
            try? cgroup.remove()
            throw error
        }
    }

    private static func check(_ linux: RuntimeSpecification.Linux) throws(RuntimeError) {
        for namespace in linux.namespaces ?? [] {
            if namespace.type == .user || namespace.type == .time {
                throw .invalid(
                    field: "linux.namespaces",
                    value: namespace.type.rawValue,
                    expected: "no user or time namespace, which this runtime does not create"
                )
            }
        }
        guard linux.namespaces?.contains(where: { $0.type == .mount && $0.path == nil }) == true
        else {
            throw .invalid(
                field: "linux.namespaces",
                value: "",
                expected: "a new mount namespace, without which the host's root would change"
            )
        }
    }

    private static func clone(
        _ bundle: Bundle,
        _ linux: RuntimeSpecification.Linux,
        _ streams: StandardStreams,
        _ cgroup: Cgroup,
        _ options: Options
    ) throws(RuntimeError) -> PendingContainer {
        let (ours, theirs) = try RuntimeError.during(.clone, MessageSocket.pair())
        let socket = MessageSocket(owning: Descriptor(owning: ours))
        let child = try ContainerChild(
            bundle,
            streams: streams,
            cgroup: cgroup,
            socket: MessageSocket(owning: Descriptor(owning: theirs)),
            options: options
        )
        let groupAttributes = child.groupAttributes
        let sibling: StartedSibling? =
            if let path = child.joinedProcesses {
                try StartedSibling(child.setup, namespace: path)
            } else { nil }
        var container = PendingContainer(
            try start(linux, cgroup, child),
            sibling: sibling,
            socket: socket,
            cgroup: cgroup
        )
        do throws(RuntimeError) {
            try container.prepare(linux, groupAttributes: groupAttributes)
        } catch {
            throw container.reportedReason() ?? error
        }
        return container
    }

    /// Clones the process into a new PID namespace, unless it has that of the host or joins one.
    private static func start(
        _ linux: RuntimeSpecification.Linux,
        _ cgroup: Cgroup,
        _ child: consuming ContainerChild
    ) throws(RuntimeError) -> ProcessHandle {
        let isNew = linux.namespaces?.contains { $0.type == .pid && $0.path == nil } == true
        let flags: Namespaces = isNew ? .pid : []
        return try RuntimeError.during(
            .clone,
            Clone.start(flags, cgroup: cgroup.directory(""), child.run)
        )
    }
}
