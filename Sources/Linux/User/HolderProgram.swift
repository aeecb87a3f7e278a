import CLinux
import Glibc
import SystemPackage

/// The program that keeps a user's namespaces alive: two kilobytes without any library.
///
/// It stays in the host's network namespace and opens sockets there for the processes that have
/// entered the user's own, which cannot return. It accepts only its own user's connections, and ends
/// when there has been none for half a minute, or when the last command asks for that.
public struct HolderProgram: ~Copyable, Sendable {
    private let image: Descriptor

    /// Writes the program to a sealed memfd.
    public init() throws(SystemCallError) {
        let file = Descriptor(
            owning: try systemCall("memfd_create", "holder") { unsafe clinux_memfd("holder") }
        )
        let number = file.number
        try systemCall("write", "holder") { clinux_write_hold(number) }
        try systemCall("fcntl F_ADD_SEALS", "holder") { clinux_seal_memfd(number) }
        image = file
    }

    /// The descriptors of the program, which become its 3 to 7 and the following.
    public struct Descriptors: Sendable {
        /// The socket at which it listens.
        public var listener: Int32
        /// The user's network namespace.
        public var network: Int32
        /// The file that is locked while a holder starts or ends.
        public var lock: Int32
        /// The directory with the files to remove at the end.
        public var directory: Int32
        /// The pidfd of the process that connects the namespace to the host's network; -1 for none.
        public var uplink: Int32
        /// Pidfds of processes that use the namespaces without a connection, from 8.
        public var survivors: [Int32]

        public init(
            listener: Int32,
            network: Int32,
            lock: Int32,
            directory: Int32,
            uplink: Int32,
            survivors: [Int32]
        ) {
            self.listener = listener
            self.network = network
            self.lock = lock
            self.directory = directory
            self.uplink = uplink
            self.survivors = survivors
        }
    }

    /// Executes the program, which removes `files` of its directory when it ends; returns only on
    /// failure.
    public func execute(_ descriptors: Descriptors, removing files: [String]) -> SystemCallError {
        do throws(SystemCallError) {
            // None may be in the place of another.
            let end = Int32(8 + descriptors.survivors.count)
            let program = try image.duplicate(atLeast: end)
            let places = [
                descriptors.listener, descriptors.network, descriptors.lock, descriptors.directory,
                descriptors.uplink,
            ]
            var copies: [(number: Int32, place: Int32)] = []
            for (index, number) in (places + descriptors.survivors).enumerated() where number >= 0 {
                let copy = try Descriptor.duplicating(number, atLeast: end).release()
                copies.append((copy, Int32(3 + index)))
            }
            for copy in copies { try CurrentProcess.place(copy.number, at: copy.place) }
            if descriptors.uplink < 0 { close(7) }
            try CurrentProcess.closeOnExecution(from: end)
            return ProgramCall(arguments: ["holder"] + files).execute(program)
        } catch {
            return error
        }
    }
}
