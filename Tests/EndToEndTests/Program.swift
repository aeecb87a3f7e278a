import Linux
import SystemPackage

/// The exit status and output of a program.
struct Outcome: Sendable {
    var status: Int32
    var output: String
    var errors: String
}

extension Outcome: CustomStringConvertible {
    var description: String { "exit status \(status)\n\(output)\(errors)" }
}

/// A started program.
struct Program: ~Copyable {
    let process: ProcessHandle
    private let output: Descriptor
    private let errors: Descriptor

    /// Starts the command, which is killed when it takes longer than `limit`.
    init(
        _ command: [String],
        environment: [String: String] = [:],
        limit: Duration = .seconds(300)
    ) throws {
        let pipe = try Pipe()
        let nothing = try Descriptor.open("/dev/null")
        let errors = try Self.unnamedFile()
        let variables = ProcessEnvironment.variables.merging(environment) { $1 }
        process = try ChildProgram.start(
            "/usr/bin/timeout",
            arguments: ["--foreground", "--kill-after=10", "\(limit.components.seconds)"] + command,
            environment: variables.map { "\($0)=\($1)" },
            input: nothing,
            output: pipe.writeEnd,
            error: errors
        )
        self.errors = errors
        output = pipe.takeReadEnd()
    }

    private static func unnamedFile() throws -> Descriptor {
        let name = "sc-errors-" + String(UInt64.random(in: .min ... .max), radix: 36)
        let path = FilePath("/tmp").appending(name)
        let file = try Descriptor.open(path, [.creating, .exclusive, .readingAndWriting])
        try FileSystem.removeFile(path)
        return file
    }

    /// Waits until the program has exited and its output is closed.
    consuming func outcome() throws -> Outcome {
        let text = try output.readToEnd()
        let status = try process.wait().code
        return Outcome(
            status: status,
            output: String(decoding: text, as: UTF8.self),
            errors: try FileSystem.readText(FilePath("/proc/self/fd/\(errors.number)"))
        )
    }

    static func run(
        _ command: String...,
        environment: [String: String] = [:],
        limit: Duration = .seconds(300)
    ) throws -> Outcome {
        try Program(command, environment: environment, limit: limit).outcome()
    }
}
