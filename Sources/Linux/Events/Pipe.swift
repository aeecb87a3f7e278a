import CLinux

/// A pipe, both ends of which are closed on exec. Source: pipe(2).
public struct Pipe: ~Copyable, Sendable {
    public let readEnd: Descriptor
    public let writeEnd: Descriptor

    public init() throws(SystemCallError) {
        var ends: [Int32] = [-1, -1]
        try systemCall("pipe2", "pipe") { unsafe clinux_pipe(&ends) }
        readEnd = Descriptor(owning: ends[0])
        writeEnd = Descriptor(owning: ends[1])
    }

    private init(readEnd: consuming Descriptor, writeEnd: consuming Descriptor) {
        self.readEnd = readEnd
        self.writeEnd = writeEnd
    }

    /// Consumes the pipe and returns its read end; the write end is closed.
    public consuming func takeReadEnd() -> Descriptor { readEnd }

    /// Consumes the pipe and returns its write end; the read end is closed.
    public consuming func takeWriteEnd() -> Descriptor { writeEnd }
}
