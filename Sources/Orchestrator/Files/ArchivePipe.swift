import Archive
import Linux

/// A pipe through which a child process sends an archive to this one.
enum ArchivePipe {
    /// Calls `write` in a forked child and `read` in this process, which must be single-threaded.
    static func run(
        write: (TarWriter) throws(CopyError) -> Void,
        read: (ByteSource) throws(CopyError) -> Void
    ) throws(CopyError) {
        let stream = try CopyError.during(Pipe())
        let messages = try CopyError.during(Pipe())
        let (output, errors) = (stream.writeEnd.number, messages.writeEnd.number)
        let writer = try CopyError.during(Clone.start { child(output, errors, write) })
        let source = stream.takeReadEnd()
        let message = messages.takeReadEnd()
        let number = source.number
        let result = Result { () throws(CopyError) in
            try read(ByteSource(borrowing: number, name: "archive"))
        }
        if case .failure = result {
            // It may have exited already; its own error is reported below.
            try? writer.send(.kill)
        }
        let failure = try CopyError.during { () throws(SystemCallError) in
            let text = try message.readToEnd()
            _ = try writer.wait()
            return text
        }
        guard failure.isEmpty else { throw .source(String(decoding: failure, as: UTF8.self)) }
        try result.get()
    }

    private static func child(
        _ output: Int32,
        _ errors: Int32,
        _ write: (TarWriter) throws(CopyError) -> Void
    ) -> Never {
        do throws(CopyError) {
            try CopyError.during(CurrentProcess.setParentDeathSignal(.kill))
            try self.write(to: output, write)
            CurrentProcess.end(0)
        } catch {
            // If the parent has exited, there is no reader for the message.
            try? Descriptor.write(Array("\(error)".utf8.prefix(32_768)), to: errors)
            CurrentProcess.end(1)
        }
    }

    /// Writes a whole archive to an open descriptor.
    static func write(
        to output: Int32,
        _ body: (TarWriter) throws(CopyError) -> Void
    ) throws(CopyError) {
        let writer = try CopyError.during(
            archive: TarWriter(name: "archive") { (bytes) throws(ArchiveError) in
                do throws(SystemCallError) {
                    try Descriptor.write(bytes, to: output)
                } catch {
                    throw ArchiveError(.system(error), in: "archive")
                }
            }
        )
        try body(writer)
        try CopyError.during(archive: writer.finish())
    }
}
