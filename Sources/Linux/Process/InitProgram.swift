import CLinux
import Glibc
import SystemPackage

/// The program of an init process: a few hundred bytes that depend on no library or file.
///
/// It forwards signals to one child, reaps orphans, and exits with the child's status. Unlike a
/// clone of this process it contains nothing of our memory and does not run from our executable, so
/// it can remain in the container.
public struct InitProgram: ~Copyable, Sendable {
    private let image: Descriptor
    /// Its write end is closed when the process that holds it executes the program.
    private let departure: Pipe

    /// Writes the program to a sealed memfd.
    public init() throws(SystemCallError) {
        let pipe = try Pipe()
        image = try Self.makeImage("init")
        departure = pipe
    }

    /// Writes the executable into a sealed file in memory that is called `name`.
    static func makeImage(_ name: String) throws(SystemCallError) -> Descriptor {
        let file = Descriptor(
            owning: try systemCall("memfd_create", name) { unsafe clinux_memfd(name) }
        )
        let number = file.number
        try systemCall("write", name) { clinux_write_init(number) }
        try systemCall("fcntl F_ADD_SEALS", name) { clinux_seal_memfd(number) }
        return file
    }

    /// Waits, in the child, until the parent has executed the program or failed to.
    public consuming func waitForParent() throws(SystemCallError) {
        let end = departure.takeReadEnd()
        _ = try end.read()
    }

    /// Executes the program as the init of `child`; returns only on failure.
    ///
    /// All signals were blocked before `child` was created, so that none is lost.
    public func execute(asInitOf child: Int32) -> SystemCallError {
        let call = ProgramCall(arguments: ["init", String(child)])
        let refusal = call.execute(image)
        // A system call filter may permit execve(2) only.
        guard [.notPermitted, .noFunction].contains(refusal.reason) else { return refusal }
        return call.execute("/proc/self/fd/\(image.number)")
    }
}
