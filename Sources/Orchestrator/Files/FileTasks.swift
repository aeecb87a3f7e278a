import FoundationEssentials
import Linux
import OCI
public import SystemPackage

/// The files of one container for a program with several threads, which cannot enter mount
/// namespaces itself: a child process does each task.
public struct FileTasks: Sendable {
    private let container: ExistingContainer
    private let paths: DataPaths
    private let executable: FilePath

    public init(_ container: ExistingContainer, _ paths: DataPaths, executable: FilePath) {
        self.container = container
        self.paths = paths
        self.executable = executable
    }

    /// The status of `path`.
    public func status(of path: String) async throws -> PathStatus {
        let process = try start(.read(path: path, statusOnly: true))
        return try await BackgroundThread.run {
            let line = try process.output.value.readToEnd()
            try process.finish()
            return try JSONLine.decode(PathStatus.self, from: line)
        }
    }

    /// The status of `path`, and an archive of it.
    public func archive(of path: String) async throws -> (PathStatus, FilesArchive) {
        let process = try start(.read(path: path, statusOnly: false))
        return try await BackgroundThread.run {
            let (line, rest) = try process.firstLine()
            let status = try JSONLine.decode(PathStatus.self, from: line)
            return (status, FilesArchive(process, beginning: rest))
        }
    }

    /// An archive of the container's own files, without volumes and other mounts.
    public func export() async throws -> FilesArchive {
        let process = try start(.export)
        return try await BackgroundThread.run {
            let beginning = try process.output.value.read()
            if beginning.isEmpty { try process.finish() }
            return FilesArchive(process, beginning: beginning)
        }
    }

    /// Extracts an archive into the directory `path`; `feed` writes the archive to a descriptor that
    /// it owns.
    public func extract(
        to path: String,
        _ rules: ArchiveRules,
        feed: @escaping @Sendable (Int32) async -> Void
    ) async throws {
        let pipe = try Pipe()
        let process = try start(.write(path: path, rules: rules), input: pipe.readEnd)
        let sink = pipe.takeWriteEnd().release()
        async let fed: Void = feed(sink)
        let outcome = try await BackgroundThread.run { Result { try process.finish() } }
        await fed
        try outcome.get()
    }

    /// Creates an image from the container and returns its id.
    public func commit(_ order: CommitOrder) async throws -> String {
        let process = try start(.commit(order))
        return try await BackgroundThread.run {
            let id = try process.output.value.readToEnd()
            try process.finish()
            return String(decoding: id, as: UTF8.self)
        }
    }

    private func start(_ task: FilesTask) throws -> FilesProcess {
        try start(task, input: Descriptor.open("/dev/null"))
    }

    private func start(_ task: FilesTask, input: borrowing Descriptor) throws -> FilesProcess {
        let record = container.record
        let arguments = [
            FilesCommand.name, record.project, record.id, paths.data.string, paths.run.string,
            String(decoding: try CanonicalJSON.encode(task), as: UTF8.self),
        ]
        let output = try Pipe()
        let errors = try Pipe()
        let process = try ChildProgram.startDetached(
            executable,
            arguments: arguments,
            descriptors: [input.number, output.writeEnd.number, errors.writeEnd.number]
        )
        return FilesProcess(
            process: Shared(process),
            output: Shared(output.takeReadEnd()),
            errors: Shared(errors.takeReadEnd())
        )
    }
}

/// A process that does one task.
struct FilesProcess: Sendable {
    let process: Shared<ProcessHandle>
    let output: Shared<Descriptor>
    let errors: Shared<Descriptor>

    /// The first line of the output and the bytes after it; throws the process's error if there is
    /// none.
    func firstLine() throws -> (line: [UInt8], rest: [UInt8]) {
        var bytes: [UInt8] = []
        while true {
            let piece = try output.value.read()
            bytes += piece
            if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                return (Array(bytes[..<end]), Array(bytes[(end + 1)...]))
            }
            guard !piece.isEmpty else { break }
        }
        try finish()
        throw FilesFailure(kind: .other, message: "the process ended without an answer")
    }

    /// Waits for the end of the process; throws its error.
    func finish() throws {
        let message = try errors.value.readToEnd()
        let status = try process.value.wait()
        guard status != .exited(0) else { return }
        // A process that was killed, or could not be executed, writes no message of this form.
        throw (try? JSONLine.decode(FilesFailure.self, from: message))
            ?? FilesFailure(
                kind: .other,
                message: "the process failed with status \(status.code): "
                    + String(decoding: message, as: UTF8.self)
            )
    }
}

/// An archive on its way from the process that writes it.
public struct FilesArchive: Sendable {
    private let process: FilesProcess
    private let beginning: [UInt8]

    init(_ process: FilesProcess, beginning: [UInt8]) {
        self.process = process
        self.beginning = beginning
    }

    /// Passes the archive to `write`, which blocks, and returns false to end it early.
    public func copy(to write: @escaping @Sendable ([UInt8]) -> Bool) async throws {
        try await BackgroundThread.run { [self] in
            guard write(beginning) else { return try end() }
            while true {
                let bytes = try process.output.value.read(upTo: 262_144)
                guard !bytes.isEmpty else { return try process.finish() }
                guard write(bytes) else { return try end() }
            }
        }
    }

    private func end() throws {
        // It may have exited by itself.
        try? process.process.value.send(.kill)
        _ = try process.process.value.wait()
    }
}
