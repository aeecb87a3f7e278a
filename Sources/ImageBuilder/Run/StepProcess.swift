import ContainerRuntime
import Linux
import SystemPackage

/// A process of our own program that runs one bundle.
struct StepProcess {
    let environment: StepEnvironment
    let bundle: FilePath
    /// The control group of the container.
    let cgroup: String
    let cancellation: Cancellation

    /// Blocks until the container has exited; kills it if the build is cancelled.
    func run(_ receive: ([UInt8]) -> Void) throws(SystemCallError) -> ExitStatus {
        let pipe = try Pipe()
        let input = try Descriptor.open("/dev/null")
        let process = try ChildProgram.start(
            environment.executable,
            arguments: ["runtime", "run", bundle.string],
            environment: environment.variables,
            input: input,
            output: pipe.writeEnd,
            error: pipe.writeEnd
        )
        let reading = pipe.takeReadEnd()
        try reading.setNonBlocking(true)
        var isKilled = false
        while true {
            var descriptors = [reading.number, process.descriptor.number]
            if !isKilled { descriptors.append(cancellation.descriptor) }
            let ready = try Readiness.wait(for: descriptors)
            if ready.contains(2) {
                isKilled = true
                kill(process)
            }
            if ready.contains(0), try !drain(reading, receive) {
                return try process.wait()
            }
            if ready.contains(1) {
                _ = try drain(reading, receive)
                return try process.wait()
            }
        }
    }

    /// Reads the available output; returns false at its end.
    private func drain(
        _ pipe: borrowing Descriptor,
        _ receive: ([UInt8]) -> Void
    ) throws(SystemCallError) -> Bool {
        while true {
            do {
                let bytes = try pipe.read(upTo: 65_536)
                if bytes.isEmpty { return false }
                receive(bytes)
            } catch  where error.reason == .wouldBlock {
                return true
            }
        }
    }

    /// Kills all processes of the container; the program that runs it then cleans up and exits.
    private func kill(_ process: borrowing ProcessHandle) {
        do {
            try Cgroup(cgroup, in: CgroupHierarchy.discover()).killAll()
        } catch {
            // Without its group the container does not exist; the signal below ends its parent.
        }
        // It may have exited already.
        try? process.send(.terminate)
    }
}
