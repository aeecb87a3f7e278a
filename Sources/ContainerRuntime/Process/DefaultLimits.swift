import Linux
import OCI
import SystemPackage

/// The resource limits of every process, as Docker's daemon sets them, and those of a specification.
///
/// They never depend on the process that starts a container.
enum DefaultLimits {
    struct Limit: Equatable {
        var kind: ResourceLimit
        var soft: UInt64
        var hard: UInt64
        var isDefault = false

        /// Sets the limit for the calling process.
        ///
        /// A default may exceed what a caller without CAP_SYS_RESOURCE can set; it is then as high
        /// as possible.
        func apply() throws(SystemCallError) {
            do throws(SystemCallError) {
                try kind.set(soft: soft, hard: hard)
            } catch {
                guard isDefault, error.reason == .notPermitted else { throw error }
                try applySoft()
            }
        }

        /// Sets the soft limit for the calling process as far as its hard limit allows.
        func applySoft() throws(SystemCallError) {
            let highest = try kind.get().hard
            try kind.set(soft: min(soft, highest), hard: highest)
        }
    }

    /// Returns all limits; the given ones replace the defaults.
    static func limits(
        overriddenBy given: [RuntimeSpecification.ResourceLimit]
    ) throws(RuntimeError) -> [Limit] {
        var limits = all
        for limit in given {
            guard let kind = ResourceLimit(limit.type) else {
                throw .invalid(
                    field: "process.rlimits",
                    value: limit.type,
                    expected: "a limit of getrlimit(2) such as RLIMIT_NOFILE"
                )
            }
            limits.removeAll { $0.kind == kind }
            limits.append(Limit(kind: kind, soft: limit.soft, hard: limit.hard))
        }
        return limits
    }

    private static let unlimited = UInt64.max

    private static let all: [Limit] = ResourceLimit.allCases.map { kind in
        let (soft, hard): (UInt64, UInt64) =
            switch kind {
            case .nofile: (openFiles, openFiles)
            case .stack: (8 << 20, unlimited)
            case .memlock: (8 << 20, 8 << 20)
            case .msgqueue: (819_200, 819_200)
            case .sigpending: (pendingSignals, pendingSignals)
            case .nice, .rtprio: (0, 0)
            case .cpu, .fsize, .data, .core, .rss, .nproc, .as, .locks, .rttime:
                (unlimited, unlimited)
            }
        return Limit(kind: kind, soft: soft, hard: hard, isDefault: true)
    }

    /// Docker's limit, or the highest that the kernel accepts.
    private static let openFiles = min(1_048_576, parameter("fs/nr_open") ?? .max)

    /// The kernel's own default. Source: kernel, `fork_init`.
    private static let pendingSignals = (parameter("kernel/threads-max") ?? 65_536) / 2

    private static func parameter(_ name: String) -> UInt64? {
        // Where procfs is not mounted, containers cannot be created either.
        let text = try? FileSystem.readText(FilePath("/proc/sys/\(name)"))
        return text.flatMap { UInt64($0.prefix { $0 != "\n" }) }
    }
}
