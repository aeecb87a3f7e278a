import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// The runtime specification of a step: Docker's defaults with the step's own options.
struct StepSpecification {
    let job: RunJob
    let identity: Identity
    let mounts: StepMounts
    let network: StepNetwork?
    let directory: FilePath

    /// The control group of the step's processes.
    static func cgroup(of directory: FilePath) -> String {
        "/swiftcompose/build-\(directory.lastComponent?.string ?? "")"
    }

    /// The specification, with the step's stack of layers as root file system.
    func specification() throws(RuntimeError) -> RuntimeSpecification {
        let (step, settings) = (job.step, job.step.settings)
        var design = DefaultSpecification(
            arguments: step.arguments,
            cgroupPath: Self.cgroup(of: directory)
        )
        design.environment = environment
        design.workingDirectory = step.workingDirectory
        design.user = "\(identity.user):\(identity.group)"
        design.groups = identity.groups.map { String($0) }
        design.isPrivileged = step.isInsecure
        design.hostName = "build"
        design.resourceLimits = resourceLimits
        if let size = settings.sharedMemory { design.sharedMemorySize = Int64(clamping: size) }
        design.resources.pids = RuntimeSpecification.Pids(limit: 32_768)
        design.mounts = files + mounts.mounts
        design.overlay = RuntimeExtensions.Overlay(
            // An overlay needs a lower directory; for an empty tree that is an empty one.
            lower: job.lower.isEmpty ? [directory.appending("empty")] : job.lower,
            upper: directory.appending("upper"),
            work: directory.appending("work")
        )
        if step.network == .host {
            design.networkNamespace = .host
        } else if let network {
            let number = network.namespace.number
            design.networkNamespace = .path("/proc/\(CurrentProcess.pid)/fd/\(number)")
        }
        return try design.specification()
    }

    /// The limits of the request; the default for open files is a login's, not this process's.
    private var resourceLimits: [RuntimeSpecification.ResourceLimit] {
        var limits = job.step.settings.limits
        // A limit that cannot be read is left as it is.
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

    /// The environment of the step's processes.
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

    /// The files of `/etc` that are mounted from the step's directory.
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
