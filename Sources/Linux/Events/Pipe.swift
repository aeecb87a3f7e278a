import CLinux

/// A pipe's two ends, both closed on exec. Source: pipe(2).
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

    /// Gives up the pipe for its reading end; the writing end is closed.
    public consuming func takeReadEnd() -> Descriptor { readEnd }

    /// Gives up the pipe for its writing end; the reading end is closed.
    public consuming func takeWriteEnd() -> Descriptor { writeEnd }
}
