import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// The bundle of a step: what Docker's defaults and the step's own wishes come to.
struct StepSpecification {
    let job: RunJob
    let identity: Identity
    let mounts: StepMounts
    let network: StepNetwork?
    let directory: FilePath

    /// Where the step's processes are counted.
    static func cgroup(of directory: FilePath) -> String {
        "/swiftcompose/build-\(directory.lastComponent?.string ?? "")"
    }

    /// The bundle's specification, with the step's stack as root file system.
    func specification() throws(RuntimeError) -> RuntimeSpecification {
        let (step, settings) = (job.step, job.step.settings)
        var wish = DefaultSpecification(
            arguments: step.arguments,
            cgroupPath: Self.cgroup(of: directory)
        )
        wish.environment = environment
        wish.workingDirectory = step.workingDirectory
        wish.user = "\(identity.user):\(identity.group)"
        wish.groups = identity.groups.map { String($0) }
        wish.isPrivileged = step.isInsecure
        wish.hostName = "build"
        wish.resourceLimits = resourceLimits
        if let size = settings.sharedMemory { wish.sharedMemorySize = Int64(clamping: size) }
        wish.resources.pids = RuntimeSpecification.Pids(limit: 32_768)
        wish.mounts = files + mounts.mounts
        wish.overlay = RuntimeExtensions.Overlay(
            // An overlay wants something below; for an empty tree that is an empty directory.
            lower: job.lower.isEmpty ? [directory.appending("empty")] : job.lower,
            upper: directory.appending("upper"),
            work: directory.appending("work")
        )
        if step.network == .host {
            wish.networkNamespace = .host
        } else if let network {
            let number = network.namespace.number
            wish.networkNamespace = .path("/proc/\(CurrentProcess.pid)/fd/\(number)")
        }
        return try wish.specification()
    }

    /// The request's limits; open files as a login has them, whatever this process has.
    private var resourceLimits: [RuntimeSpecification.ResourceLimit] {
        var limits = job.step.settings.limits
        // What cannot be asked for is left as it is.
        if !limits.contains(where: { $0.name == "nofile" }),
            let own = try? ResourceLimit.nofile.get()
        {
            let soft = min(1024, own.hard)
            limits.append(BuildRequest.Limit(name: "nofile", soft: soft, hard: own.hard))
        }
        return limits.map { limit in
            RuntimeSpecification.ResourceLimit(
                type: "RLIMIT_" + limit.name.uppercased(),
                soft: limit.soft,
                hard: limit.hard
            )
        }
    }

    /// What the step's processes find in their environment.
    private var environment: [String] {
        var lines = job.step.environment + job.step.proxies + mounts.environment
        if !lines.contains(where: { $0.hasPrefix("PATH=") }) {
            lines.insert("PATH=" + ImageConfiguration.Config.defaultPath, at: 0)
        }
        if !lines.contains(where: { $0.hasPrefix("HOME=") }) {
            lines.append("HOME=\(identity.home)")
        }
        return lines
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
