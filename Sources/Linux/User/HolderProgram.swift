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

    /// The descriptors of the program, which become its 3 to 7.
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

        public init(
            listener: Int32,
            network: Int32,
            lock: Int32,
            directory: Int32,
            uplink: Int32
        ) {
            self.listener = listener
            self.network = network
            self.lock = lock
            self.directory = directory
            self.uplink = uplink
        }
    }

    /// Executes the program, which removes `files` of its directory when it ends; returns only on
    /// failure.
    public func execute(_ descriptors: Descriptors, removing files: [String]) -> SystemCallError {
        do throws(SystemCallError) {
            // None may be in the place of another.
            let program = try image.duplicate(atLeast: 8)
            let places = [
                descriptors.listener, descriptors.network, descriptors.lock, descriptors.directory,
                descriptors.uplink,
            ]
            var copies: [Int32] = []
            for number in places where number >= 0 {
                copies.append(try Descriptor.duplicating(number, atLeast: 8).release())
            }
            for (index, copy) in copies.enumerated() {
                try CurrentProcess.place(copy, at: Int32(3 + index))
            }
            if descriptors.uplink < 0 { close(7) }
            try CurrentProcess.closeOnExecution(from: 8)
            return ProgramCall(arguments: ["holder"] + files).execute(program)
        } catch {
            return error
        }
    }
}
