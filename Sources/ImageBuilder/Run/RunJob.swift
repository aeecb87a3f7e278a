import ContainerRuntime
import Dockerfile
import Linux
import OCI
import SystemPackage

/// Performs RUN: runs one container over the stack below; its changes become the step's layer.
struct RunJob {
    /// A mount of the step and the tree that it reads.
    struct Input {
        var mount: RunStep.Mount
        var tree: LayeredTree?
    }

    let step: RunStep
    let base: LayeredTree
    /// Topmost first.
    let lower: [FilePath]
    let inputs: [Input]
    /// The directory of cache mounts.
    let caches: FilePath
    let environment: StepEnvironment
    let cancellation: Cancellation
    let output: (String, Duration) -> Void

    func perform(in directory: FilePath) throws(BuildError) -> FilePath? {
        let users = try BuildError.during(UserTable(of: base))
        guard let identity = users.identity(step.user) else {
            throw BuildError(.unknownUser(step.user))
        }
        let upper = directory.appending("upper")
        try BuildError.during(DestinationTree.makeUpperDirectory(upper, over: base))
        let network = step.network == .standard ? try makeNetwork(directory) : nil
        defer { network?.close() }
        try BuildError.during(StepFiles(directory: directory).write(step, network))
        var mounts = StepMounts(directory: directory, job: self)
        try mounts.prepare()
        defer { mounts.release() }
        let design = StepSpecification(
            job: self,
            identity: identity,
            mounts: mounts,
            network: network,
            directory: directory
        )
        let specification = try during(design.specification())
        try during(Bundle(directory: directory, specification: specification).write())
        let stubs = try BuildError.during(
            MountStubs(of: (specification.mounts ?? []).map(\.destination), in: base)
        )
        try run(directory)
        try BuildError.during(stubs.remove(from: upper))
        return upper
    }

    /// The command as shown in messages.
    var command: String { step.arguments.joined(separator: " ") }

    /// Uses the runtime and reports its failure with the command.
    private func during<Result>(
        _ call: @autoclosure () throws(RuntimeError) -> Result
    ) throws(BuildError) -> Result {
        do { return try call() } catch {
            throw BuildError(.runtimeFailed(command: command, reason: "\(error)"))
        }
    }

    private func makeNetwork(_ directory: FilePath) throws(BuildError) -> StepNetwork {
        let id = "build-\(directory.lastComponent?.string ?? "")"
        return try StepNetwork(directory: environment.networks, id: id)
    }

    private func run(_ directory: FilePath) throws(BuildError) {
        var log = StepLog(output: output)
        let status = try BuildError.during(
            StepProcess(
                environment: environment,
                bundle: directory,
                cgroup: StepSpecification.cgroup(of: directory),
                cancellation: cancellation
            ).run { bytes in log.add(bytes) }
        )
        log.finish()
        // Without control groups there is nothing to remove.
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
