import ContainerRuntime
import Dockerfile
import Linux
import OCI
import SystemPackage

/// RUN: one container over the stack below, whose writes are the step's layer.
struct RunJob {
    /// A mount of the step and the tree that it shows.
    struct Input {
        var mount: RunStep.Mount
        var tree: LayeredTree?
    }

    let step: RunStep
    let base: LayeredTree
    /// Topmost first.
    let lower: [FilePath]
    let inputs: [Input]
    /// Where cache mounts are kept.
    let caches: FilePath
    let environment: StepEnvironment
    let cancellation: Cancellation
    let output: (String, Duration) -> Void

    func perform(in directory: FilePath) throws(BuildError) -> FilePath? {
        let users = try wrapping { () throws(SystemCallError) in try UserTable(of: base) }
        guard let identity = users.identity(step.user) else {
            throw BuildError(.unknownUser(step.user))
        }
        let upper = directory.appending("upper")
        try wrapping { () throws(SystemCallError) in
            _ = try DestinationTree(upper: upper, over: base)
        }
        let network = step.network == .standard ? try makeNetwork(directory) : nil
        defer { network?.close() }
        try wrapping { () throws(SystemCallError) in
            try StepFiles(directory: directory).write(step, network)
        }
        var mounts = StepMounts(directory: directory, job: self)
        try mounts.prepare()
        defer { mounts.release() }
        let wish = StepSpecification(
            job: self,
            identity: identity,
            mounts: mounts,
            network: network,
            directory: directory
        )
        let specification = try inRuntime { () throws(RuntimeError) in
            let specification = try wish.specification()
            try Bundle(directory: directory, specification: specification).write()
            return specification
        }
        let stubs = try wrapping { () throws(SystemCallError) in
            try MountStubs(of: (specification.mounts ?? []).map(\.destination), in: base)
        }
        try run(directory)
        try wrapping { () throws(SystemCallError) in try stubs.remove(from: upper) }
        return upper
    }

    /// The command as messages show it.
    var command: String { step.arguments.joined(separator: " ") }

    private func inRuntime<Result>(
        _ body: () throws(RuntimeError) -> Result
    ) throws(BuildError) -> Result {
        do throws(RuntimeError) { return try body() } catch {
            throw BuildError(.runtimeFailed(command: command, reason: "\(error)"))
        }
    }

    private func makeNetwork(_ directory: FilePath) throws(BuildError) -> StepNetwork {
        let id = "build-\(directory.lastComponent?.string ?? "")"
        return try StepNetwork(directory: environment.networks, id: id)
    }

    private func run(_ directory: FilePath) throws(BuildError) {
        var log = StepLog(output: output)
        let status = try wrapping { () throws(SystemCallError) in
            try StepProcess(
                environment: environment,
                bundle: directory,
                cgroup: StepSpecification.cgroup(of: directory),
                cancellation: cancellation
            ).run { bytes in log.add(bytes) }
        }
        log.finish()
        // Without control groups there is none of ours.
        if let hierarchy = try? CgroupHierarchy.discover() {
            Cgroup(StepSpecification.cgroup(of: directory), in: hierarchy).removeCommonParent()
        }
        try cancellation.check()
        guard status.isSuccess else {
            var error = BuildError(.processFailed(command: command, exitCode: status.code))
            error.output = log.last
            throw error
        }
    }
}
