import Archive
import Linux
import Synchronization
import SystemPackage

/// A program whose output is read as a stream while a thread reads what it says on its way.
final class RunningProgram {
    /// What the program writes to its standard output.
    let output: ByteSource
    private let name: String
    private let subject: String
    private let process: ProcessHandle
    private let words: LastWords
    /// Ends when the last of the program's words has been read.
    private let silence: ByteSource

    init(
        _ path: FilePath,
        arguments: [String],
        environment: [String: String],
        subject: String,
        progress: @escaping @Sendable (String) -> Void
    ) throws(ImageStoreError) {
        let name = path.lastComponent?.string ?? path.string
        self.name = name
        self.subject = subject
        do throws(SystemCallError) {
            let output = try Pipe()
            let errors = try Pipe()
            process = try ChildProgram.start(
                path,
                arguments: arguments,
                environment: environment.map { "\($0)=\($1)" }.sorted(),
                input: try Descriptor.open("/dev/null"),
                output: output.writeEnd,
                error: errors.writeEnd
            )
            self.output = ByteSource(owning: output.takeReadEnd(), name: name)
            words = LastWords(of: errors.takeReadEnd(), progress: progress)
            let silence = try Pipe()
            self.silence = ByteSource(owning: try silence.readEnd.duplicate(), name: name)
            try words.listen(closing: silence.takeWriteEnd())
        } catch {
            throw ImageStoreError(.system(error), in: subject)
        }
    }

    /// Waits for the program's end; throws unless it was a success.
    func finish() throws(ImageStoreError) {
        let status: ExitStatus
        do throws(SystemCallError) {
            status = try process.wait()
        } catch {
            throw ImageStoreError(.system(error), in: subject)
        }
        guard status != .exited(0) else { return }
        try wrapping(archive: silence.drain)
        let problem = ImageStoreError.Problem.programFailed(
            name,
            status: status.code,
            lines: words.last()
        )
        throw ImageStoreError(problem, in: subject)
    }
}

/// Reads lines on a thread of its own and remembers the last of them.
private final class LastWords: Sendable {
    private let descriptor: Descriptor
    private let progress: @Sendable (String) -> Void
    private let lines = Mutex<[String]>([])
    private let limit = 20

    init(of descriptor: consuming Descriptor, progress: @escaping @Sendable (String) -> Void) {
        self.descriptor = descriptor
        self.progress = progress
    }

    /// Returns at once; when everything has been read, `end` is closed.
    func listen(closing end: consuming Descriptor) throws(SystemCallError) {
        let number = end.release()
        do throws(SystemCallError) {
            try BackgroundThread.start {
                self.read()
                _ = Descriptor(owning: number)
            }
        } catch {
            _ = Descriptor(owning: number)
            throw error
        }
    }

    /// The last lines so far.
    func last() -> [String] { lines.withLock { $0 } }

    private func read() {
        var buffer = LineBuffer()
        // What cannot be read is missing from a message, and harms nothing else.
        while let piece = try? descriptor.read(), !piece.isEmpty {
            for line in buffer.add(piece) { keep(line) }
        }
        if let rest = buffer.takeRest() { keep(rest) }
    }

    private func keep(_ bytes: [UInt8]) {
        let line = String(decoding: bytes, as: UTF8.self)
        lines.withLock { lines in
            lines.append(line)
            if lines.count > limit { lines.removeFirst() }
        }
        progress(line)
    }
}
