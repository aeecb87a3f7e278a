import Linux
import SystemPackage

/// A process in new namespaces that waits until this value, or its owner, ends.
struct WaitingProcess: ~Copyable {
    let handle: ProcessHandle
    /// Its end is the end of the process too.
    private let life: Descriptor

    /// Returns once `preparation` has been run there.
    init(
        in namespaces: Namespaces,
        _ preparation: () throws(SystemCallError) -> Void = {}
    ) throws(SystemCallError) {
        let ready = try Pipe()
        let end = try Pipe()
        let (readyNumber, endNumber) = (ready.writeEnd.number, end.readEnd.number)
        let process = try Clone.start(namespaces) {
            do throws(SystemCallError) {
                // Its own copy would keep the pipe open.
                try CurrentProcess.closeDescriptors(except: [readyNumber, endNumber])
                try preparation()
                try Descriptor.write([1], to: readyNumber)
                _ = try Descriptor.read(from: endNumber, upTo: 1)
            } catch {
                CurrentProcess.end(1)
            }
            CurrentProcess.end(0)
        }
        let answers = ready.takeReadEnd()
        guard try !answers.read(upTo: 1).isEmpty else {
            throw SystemCallError(call: "clone", subject: "\(namespaces)", reason: .notPermitted)
        }
        handle = process
        life = end.takeWriteEnd()
    }
}
