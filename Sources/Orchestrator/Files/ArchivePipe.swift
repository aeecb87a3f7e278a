import Archive
import Linux

/// An archive that one process writes while another reads it: ours.
enum ArchivePipe {
    /// Calls `write` in a copy of this process, which has one thread, and `read` in this one.
    static func run(
        write: (TarWriter) throws(CopyError) -> Void,
        read: (ByteSource) throws(CopyError) -> Void
    ) throws(CopyError) {
        let stream = try CopyError.wrappingSystem({ () throws(SystemCallError) in try Pipe() })
        let words = try CopyError.wrappingSystem({ () throws(SystemCallError) in try Pipe() })
        let (output, errors) = (stream.writeEnd.number, words.writeEnd.number)
        let writer = try CopyError.wrappingSystem({ () throws(SystemCallError) in
            try Clone.start { child(output, errors, write) }
        })
        let source = stream.takeReadEnd()
        let complaint = words.takeReadEnd()
        let number = source.number
        let result = Result { () throws(CopyError) in
            try read(ByteSource(borrowing: number, name: "archive"))
        }
        if case .failure = result {
            // It may have ended by itself, and may be why we failed.
            try? writer.send(.kill)
        }
        let told = try CopyError.wrappingSystem({ () throws(SystemCallError) in
            let told = try complaint.readToEnd()
            _ = try writer.wait()
            return told
        })
        guard told.isEmpty else { throw .source(String(decoding: told, as: UTF8.self)) }
        try result.get()
    }

    private static func child(
        _ output: Int32,
        _ errors: Int32,
        _ write: (TarWriter) throws(CopyError) -> Void
    ) -> Never {
        do throws(CopyError) {
            try CopyError.wrappingSystem({ () throws(SystemCallError) in
                try CurrentProcess.setParentDeathSignal(.kill)
            })
            try self.write(to: output, write)
            CurrentProcess.end(0)
        } catch {
            // A parent that has gone is told nothing.
            try? Descriptor.write(Array("\(error)".utf8.prefix(32_768)), to: errors)
            CurrentProcess.end(1)
        }
    }

    /// Writes a whole archive to an open descriptor.
    static func write(
        to output: Int32,
        _ body: (TarWriter) throws(CopyError) -> Void
    ) throws(CopyError) {
        let writer = try CopyError.wrappingArchive({ () throws(ArchiveError) in
            try TarWriter(name: "archive") { (bytes) throws(ArchiveError) in
                do throws(SystemCallError) {
                    try Descriptor.write(bytes, to: output)
                } catch {
                    throw ArchiveError(.system(error), in: "archive")
                }
            }
        })
        try body(writer)
        try CopyError.wrappingArchive({ () throws(ArchiveError) in try writer.finish() })
    }
}
