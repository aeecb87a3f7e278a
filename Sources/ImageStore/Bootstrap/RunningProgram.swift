import Archive
import Linux
import Synchronization
import SystemPackage

/// A program whose standard output is a stream and whose standard error is read by a thread.
final class RunningProgram {
    /// The program's standard output.
    let output: ByteSource
    private let name: String
    private let subject: String
    private let process: ProcessHandle
    private let errors: ErrorOutput
    /// Ends when all error output has been read.
    private let errorsEnd: ByteSource

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
            let errorPipe = try Pipe()
            process = try ChildProgram.start(
                path,
                arguments: arguments,
                environment: environment.map { "\($0)=\($1)" }.sorted(),
                input: try Descriptor.open("/dev/null"),
                output: output.writeEnd,
                error: errorPipe.writeEnd
            )
            self.output = ByteSource(owning: output.takeReadEnd(), name: name)
            errors = ErrorOutput(of: errorPipe.takeReadEnd(), progress: progress)
            let errorsEnd = try Pipe()
            self.errorsEnd = ByteSource(owning: try errorsEnd.readEnd.duplicate(), name: name)
            try errors.listen(closing: errorsEnd.takeWriteEnd())
        } catch {
            throw ImageStoreError(.system(error), in: subject)
        }
    }

    /// Waits for the program to exit; throws unless it succeeded.
    func finish() throws(ImageStoreError) {
        let status: ExitStatus
        do throws(SystemCallError) {
            status = try process.wait()
        } catch {
            throw ImageStoreError(.system(error), in: subject)
        }
        guard status != .exited(0) else { return }
        try during(archive: errorsEnd.drain())
        let problem = ImageStoreError.Problem.programFailed(
            name,
            status: status.code,
            lines: errors.last()
        )
        throw ImageStoreError(problem, in: subject)
    }
}

/// Reads error output on a thread and keeps the last lines.
private final class ErrorOutput: Sendable {
    private let descriptor: Descriptor
    private let progress: @Sendable (String) -> Void
    private let lines = Mutex<[String]>([])
    private let limit = 20

    init(of descriptor: consuming Descriptor, progress: @escaping @Sendable (String) -> Void) {
        self.descriptor = descriptor
        self.progress = progress
    }

    /// Starts the thread, which closes `end` when everything has been read.
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
        // Unreadable output is only missing from a message.
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
