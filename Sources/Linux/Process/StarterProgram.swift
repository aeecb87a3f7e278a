public import SystemPackage

/// A program that starts another one in the PID namespace of its children: some hundred bytes.
///
/// A process cannot enter a PID namespace, only create children there. A child that copied this
/// program would show its memory and descriptors to the processes of that namespace until execve;
/// the starter has nothing to show. It is made after all privileges have been dropped, and the
/// process that it starts is a sibling: the child of its own parent.
///
/// Source: pid_namespaces(7); clone(2), CLONE_PARENT.
public struct StarterProgram: ~Copyable, Sendable {
    private let image: Descriptor

    /// Settings of the program to start.
    public struct Options: Sendable, Equatable {
        /// Makes standard input its controlling terminal.
        public var hasTerminal: Bool
        /// Kills it when the thread that created the starter exits.
        public var endsWithParent: Bool

        public init(hasTerminal: Bool, endsWithParent: Bool) {
            self.hasTerminal = hasTerminal
            self.endsWithParent = endsWithParent
        }
    }

    /// A message of the starter, or of the new process before it executes the program.
    public enum Report: Sendable, Equatable {
        /// The new process, which exists from now on.
        case created(pid: Int32)
        /// No process was created.
        case notCreated(Errno)
        /// The new process exits, because the program at this index of the paths, or at all of
        /// them, cannot be executed.
        case notExecuted(Errno, path: Int)

        /// Decodes a message; nil for any other.
        public init?(_ message: [UInt8]) {
            guard message.count == 12, message[0] == UInt8(ascii: "r") else { return nil }
            let error = Self.number(in: message, at: 4)
            let value = Self.number(in: message, at: 8)
            switch (error, value) {
            case (0, _): self = .created(pid: value)
            case (_, -1): self = .notCreated(Errno(rawValue: error))
            default: self = .notExecuted(Errno(rawValue: error), path: Int(value))
            }
        }

        private static func number(in message: [UInt8], at index: Int) -> Int32 {
            let bytes = message[index..<(index + 4)]
            return Int32(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
        }
    }

    /// Writes the starter into a sealed file in memory.
    public init() throws(SystemCallError) { image = try InitProgram.makeImage("exec") }

    /// Returns the call of a starter that tries the program at each of `paths`.
    public static func call(
        _ paths: [String],
        arguments: [String],
        environment: [String],
        options: Options
    ) -> ProgramCall {
        let flags = (options.hasTerminal ? "t" : "") + (options.endsWithParent ? "k" : "")
        return ProgramCall(
            arguments: ["exec", flags] + paths + [""] + arguments,
            environment: environment
        )
    }

    /// Executes the starter, which reports to the message socket `socket`; returns the reason why
    /// it could not.
    public func execute(_ call: ProgramCall, reportingTo socket: Int32) -> SystemCallError {
        do throws(SystemCallError) {
            // Neither may be in the place of the socket.
            let program = try image.duplicate(atLeast: 4)
            let report = try Descriptor.duplicating(socket, atLeast: 4)
            try CurrentProcess.place(report.number, at: 3)
            try CurrentProcess.closeOnExecution(from: 4)
            return call.execute(program)
        } catch {
            return error
        }
    }
}
