import Linux
import SystemPackage
import Testing

/// The built program with a separate data directory.
struct Machine: Sendable {
    let program: FilePath
    /// `SWIFTCOMPOSE_ROOT`; short, since socket names are.
    let root: FilePath

    @TaskLocal static var current: Machine?

    /// The directory of this repository.
    static let repository = FilePath(#filePath)
        .removingLastComponent().removingLastComponent().removingLastComponent()

    /// The program beside the test bundle, or the one that `SWIFTCOMPOSE_TEST_PROGRAM` names.
    static func builtProgram() throws -> FilePath {
        if let named = ProcessEnvironment.variables["SWIFTCOMPOSE_TEST_PROGRAM"] {
            return FilePath(named)
        }
        let bundle = try FileSystem.readSymbolicLink("/proc/self/exe")
        return bundle.removingLastComponent().appending("swiftcompose")
    }

    /// The ordinary user who runs the program that `SWIFTCOMPOSE_TEST_PROGRAM` names, in the tests of
    /// `.ci/rootless`; nil for root.
    static var user: String? { ProcessEnvironment.variables["SWIFTCOMPOSE_TEST_USER"] }

    /// Runs the program and returns its outcome.
    func attempt(_ arguments: [String], limit: Duration = .seconds(300)) throws -> Outcome {
        try start(arguments, limit: limit).outcome()
    }

    /// Runs the program, which must succeed, and returns what it printed.
    @discardableResult
    func run(
        _ arguments: String...,
        location: SourceLocation = #_sourceLocation
    ) throws -> String {
        let outcome = try attempt(arguments)
        try #require(outcome.status == 0, "\(arguments): \(outcome)", sourceLocation: location)
        return outcome.output
    }

    func start(_ arguments: [String], limit: Duration = .seconds(300)) throws -> Program {
        try Program(
            [program.string] + arguments,
            environment: ["SWIFTCOMPOSE_ROOT": root.string],
            limit: limit
        )
    }

    /// Creates `debian:bookworm-slim` unless it exists.
    func needBaseImage() throws {
        let base = "debian:bookworm-slim"
        if try run("image", "ls", "--quiet", base).isEmpty { try run("image", "bootstrap", base) }
    }
}

/// Provides a suite with a machine and removes it afterwards.
struct OwnRoot: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let kept = ProcessEnvironment.variables["SWIFTCOMPOSE_TEST_ROOT"]
        let root = FilePath(
            kept ?? "/tmp/sc-\(String(UInt32.random(in: .min ... .max), radix: 36))"
        )
        let machine = Machine(program: try Machine.builtProgram(), root: root)
        try FileSystem.makeDirectories(root)
        try await Machine.$current.withValue(machine) { try await function() }
        if kept == nil { try FileSystem.removeTree(root) }
    }
}

extension Trait where Self == OwnRoot {
    /// A data directory for this suite alone, or the one that `SWIFTCOMPOSE_TEST_ROOT` names, which
    /// stays with the images in it.
    static var ownRoot: Self { Self() }
}

/// The machine of the current suite.
func machine() throws -> Machine { try #require(Machine.current) }
