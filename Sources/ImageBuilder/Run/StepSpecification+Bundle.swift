import Linux
import OCI
import SystemPackage

extension StepSpecification {
    /// The whole, with the step's stack as root file system.
    var specification: RuntimeSpecification {
        var linux = RuntimeSpecification.Linux(
            namespaces: namespaces,
            resources: resources,
            cgroupsPath: Self.cgroup(of: directory)
        )
        if !job.step.isInsecure {
            linux.maskedPaths = Self.maskedPaths
            linux.readonlyPaths = Self.readonlyPaths
        }
        var specification = RuntimeSpecification(
            process: process,
            root: RuntimeSpecification.Root(path: "rootfs"),
            linux: linux
        )
        specification.hostname = "build"
        specification.mounts = Self.systemMounts(job.step) + files + mounts.mounts
        specification.annotations = [
            "io.swiftcompose.overlay.lower": lower.map(\.string).joined(separator: "\n"),
            "io.swiftcompose.overlay.upper": directory.appending("upper").string,
            "io.swiftcompose.overlay.work": directory.appending("work").string,
        ]
        return specification
    }

    /// An overlay wants something below; for an empty tree that is an empty directory.
    private var lower: [FilePath] {
        job.lower.isEmpty ? [directory.appending("empty")] : job.lower
    }

    private var process: RuntimeSpecification.Process {
        var process = RuntimeSpecification.Process(
            args: job.step.arguments,
            env: environment,
            cwd: job.step.workingDirectory,
            user: RuntimeSpecification.User(
                uid: identity.user,
                gid: identity.group,
                umask: 0o022,
                additionalGids: identity.groups
            ),
            terminal: false
        )
        let names = job.step.isInsecure ? Self.allCapabilities : Self.capabilities
        let own = identity.user == 0 ? names : []
        process.capabilities = RuntimeSpecification.Capabilities(
            bounding: names,
            effective: own,
            inheritable: [],
            permitted: own,
            ambient: []
        )
        process.rlimits = job.step.settings.limits.map { limit in
            RuntimeSpecification.ResourceLimit(
                type: "RLIMIT_" + limit.name.uppercased(),
                soft: limit.soft,
                hard: limit.hard
            )
        }
        return process
    }

    private var namespaces: [RuntimeSpecification.Namespace] {
        let own: [RuntimeSpecification.Namespace.Kind] = [.pid, .ipc, .uts, .mount, .cgroup]
        var namespaces = own.map { RuntimeSpecification.Namespace($0) }
        if job.step.network != .host { namespaces.append(.init(.network)) }
        return namespaces
    }

    private var resources: RuntimeSpecification.Resources {
        var resources = RuntimeSpecification.Resources()
        resources.pids = RuntimeSpecification.Pids(limit: 32_768)
        return resources
    }

    /// What of `/etc` is the step's own.
    private var files: [RuntimeSpecification.Mount] {
        ["hosts", "resolv.conf", "hostname"].map { name in
            RuntimeSpecification.Mount(
                destination: "/etc/" + name,
                type: "bind",
                source: directory.appending(name).string,
                options: ["bind", "rw"]
            )
        }
    }
}
