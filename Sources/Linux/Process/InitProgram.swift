import CLinux
import Glibc
import SystemPackage

/// The program of an init process: some hundred bytes that need no library and no file.
///
/// It passes signals on to one child, reaps orphans, and ends as the child ends. Unlike a process
/// that goes on as a copy of this one, it holds nothing of our memory and does not run from our
/// file, so it may stay in a container for good.
public struct InitProgram: ~Copyable, Sendable {
    private let image: Descriptor
    /// Closed by the kernel when the process that holds its writing end becomes the program.
    private let departure: Pipe

    /// Writes the program into a sealed file in memory.
    public init() throws(SystemCallError) {
        let pipe = try Pipe()
        let file = Descriptor(
            owning: try systemCall("memfd_create", "init") { unsafe clinux_memfd("init") }
        )
        let number = file.number
        try systemCall("write", "init") { clinux_write_init(number) }
        try systemCall("fcntl F_ADD_SEALS", "init") { clinux_seal_memfd(number) }
        image = file
        departure = pipe
    }

    /// Waits, in the child, until its parent has become the program or has failed to.
    public consuming func waitForDeparture() throws(SystemCallError) {
        let end = departure.takeReadEnd()
        _ = try end.read()
    }

    /// Becomes the program, which serves `child`; returns only with the reason why it could not.
    ///
    /// All signals have been blocked before `child` was made, so that none is lost.
    public func become(servantOf child: Int32) -> SystemCallError {
        let call = ProgramCall(arguments: ["init", String(child)])
        let refusal = call.execute(image)
        // A system call filter may know execve(2) only.
        guard [.notPermitted, .noFunction].contains(refusal.reason) else { return refusal }
        return call.execute("/proc/self/fd/\(image.number)")
    }
}
