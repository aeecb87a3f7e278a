import Linux
import SystemPackage
import TestSupport

@testable import Orchestrator

/// A container's directory in a scratch directory, with a log written by the test.
struct LogFixture {
    let root: FilePath

    static func with<Result>(_ body: (LogFixture) async throws -> Result) async throws -> Result {
        try await withScratchDirectory { root in
            let fixture = LogFixture(root: root)
            for name in ["a", "b", "c"] {
                try FileSystem.makeDirectory(fixture.paths(name).directory)
            }
            return try await body(fixture)
        }
    }

    func paths(_ name: String = "a") -> ContainerPaths {
        ContainerPaths(directory: root.appending(name))
    }

    func source(_ name: String = "a") -> LogSource {
        LogSource(container: name, log: paths(name).log)
    }

    /// Opens a container's log as its supervisor does.
    func log(
        _ name: String = "a",
        maximumSize: Int64 = 0,
        count: Int = 1
    ) throws -> ContainerLog {
        try ContainerLog(
            paths(name),
            spool: root.appending("spool-\(name)"),
            rule: .files(maximumSize: maximumSize, count: count)
        )
    }

    /// Writes to a container's output as its program does.
    func say(_ text: String, _ stream: LogStream = .output, _ name: String = "a") throws {
        let path = stream == .output ? paths(name).standardOutput : paths(name).standardError
        try Descriptor.open(path, .readingAndWriting).write(Array(text.utf8))
    }

    /// Writes a log whose lines contain their times.
    func write(_ name: String, seconds: [Int], suffix: String = "") throws {
        let lines = seconds.map { second in
            "2026-11-24T02:00:\(second < 10 ? "0" : "")\(second).000000000Z stdout F \(name)\(second)\n"
        }
        try AtomicFile.write(
            Array(lines.joined().utf8),
            to: FilePath(paths(name).log.string + suffix)
        )
    }

    /// The lines returned by a reader.
    func read(_ names: [String] = ["a"], _ options: LogOptions = LogOptions()) throws -> [String] {
        var lines: [String] = []
        try LogReader(names.map(source), options).run { line in
            lines.append(String(decoding: line.text, as: UTF8.self))
        }
        return lines
    }
}
