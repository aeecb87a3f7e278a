import ContainerRuntime
import Linux
import SystemPackage

/// Our own program running one bundle, from its start to its end.
struct StepProcess {
    let environment: StepEnvironment
    let bundle: FilePath
    /// The control group that the container is in.
    let cgroup: String
    let cancellation: Cancellation

    /// Blocks until the container has ended; ends it when the build is cancelled.
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
        var isEnding = false
        while true {
            var descriptors = [reading.number, process.descriptor.number]
            if !isEnding { descriptors.append(cancellation.descriptor) }
            let ready = try Readiness.wait(for: descriptors)
            if ready.contains(2) {
                isEnding = true
                end(process)
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

    /// Reads what is there; false at the end.
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

    /// Kills all that runs in the container; the program above it then cleans up and ends.
    private func end(_ process: borrowing ProcessHandle) {
        do {
            try Cgroup(cgroup, in: CgroupHierarchy.discover()).killAll()
        } catch {
            // Without its group there is no container yet, or no more: its parent goes instead.
        }
        // It may have ended already.
        try? process.send(.terminate)
    }
}
