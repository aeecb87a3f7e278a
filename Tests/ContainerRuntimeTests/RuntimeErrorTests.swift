import Linux
import OCI
import SystemPackage
import Testing

@testable import ContainerRuntime

struct RuntimeErrorTests {
    private static let faults: [ProgramFault] = [
        .directory, .missingInterpreter("/bin/bash"), .carriageReturn, .otherArchitecture("arm"),
        .unknownFormat,
    ]

    private static let errors: [RuntimeError] =
        RuntimeError.Step.allCases.flatMap { step in
            [Errno.notPermitted, .noSuchFileOrDirectory, .permissionDenied, .execFormatError].map {
                .refused(step, SystemCallError(call: "mount", subject: "a b\nc", reason: $0))
            } + [.ended(step)]
        } + faults.map { .unusableProgram("/run.sh", $0) } + [
            .invalid(field: "f", value: "v", expected: "e"), .userNotFound("u"),
            .groupNotFound("g"), .severalThreads(3), .controllerMissing("/sys/fs/cgroup/a"),
            .unreadableBundle("/bundle", "why"),
            .mismatchedMount(source: "/s", destination: "/d", isDirectory: true),
            .mismatchedMount(source: "/s", destination: "/d", isDirectory: false),
        ]

    @Test func `an error is unchanged by encoding and decoding`() {
        for error in Self.errors { #expect(RuntimeError(decoding: error.encoded) == error) }
    }

    /// The names of cases and types, as an error without a description would print them.
    @Test(arguments: ["RuntimeError", "SystemCallError", "refused(", "rawValue", "Optional", "nil"])
    func `no debug description reaches a user`(word: String) {
        for error in Self.errors { #expect(!error.description.contains(word), "\(error)") }
    }

    @Test func `a missing file exits with 127 and an unusable one with 126`() {
        let codes = Self.faults.map { RuntimeError.unusableProgram("/run.sh", $0).exitCode }
        #expect(codes == [126, 127, 127, 126, 126])
    }

    @Test(
        arguments: [
            ("#!/bin/sh\necho\n", nil), ("#! /bin/sh -e\n", nil),
            ("#!/no/such -x\n", .missingInterpreter("/no/such")),
            ("#!/bin/sh\r\necho\r\n", .carriageReturn), ("echo hello\n", .unknownFormat),
            ("", .unknownFormat), ("\u{7F}ELF", .unknownFormat),
        ] as [(String, ProgramFault?)]
    )
    func `the fault of a script is found by its first line`(text: String, fault: ProgramFault?) {
        #expect(ProgramFault(of: Array(text.utf8)) == fault)
    }

    @Test func `the fault of a program is found by its header`() throws {
        var header = try Descriptor.open("/proc/self/exe").read(upTo: 4_096)
        #expect(ProgramFault(of: header) == nil)
        let loader = try #require(String(decoding: header, as: UTF8.self).firstRange(of: "/ld-"))
        #expect(!loader.isEmpty)
        // The machine, e_machine, of a PowerPC.
        (header[18], header[19]) = (20, 0)
        #expect(ProgramFault(of: header) == .otherArchitecture("powerpc"))
    }

    /// Headers that point anywhere must not lead to reads outside the bytes.
    @Test func `a damaged program header is read without a crash`() throws {
        let header = try Descriptor.open("/proc/self/exe").read(upTo: 4_096)
        for place in [32, 39, 40, 54, 56, 57, 64, 72, 79] {
            for value in [UInt8(0), 0x7F, 0x80, 0xFF] {
                var damaged = header
                damaged[place] = value
                let fault = ProgramFault(of: damaged)
                #expect(fault != .directory)
            }
        }
    }
}

/// The reasons that a container or an exec reports when it cannot be started.
@Suite(.enabled(if: Machine.canRunContainers, Machine.reason))
struct StartFailureTests {
    private struct Program: Sendable {
        var text: String
        var reason: String
        var status: Int32
    }

    private static let programs = [
        Program(text: "#!/bin/sh\r\necho\r\n", reason: "CR LF", status: 127),
        Program(text: "#!/no/such\n", reason: "'/no/such' does not exist", status: 127),
        Program(text: "plain text\n", reason: "neither a program nor a script", status: 126),
    ]

    @Test func `a start and an exec report why a program cannot be executed`() throws {
        try ContainerFixture.with { container in
            for (index, program) in Self.programs.enumerated() {
                try AtomicFile.write(
                    Array(program.text.utf8),
                    to: container.image.appending("program\(index)"),
                    mode: 0o755
                )
            }
            for (index, program) in Self.programs.enumerated() {
                container.specification.arguments = ["/program\(index)"]
                let outcome = try container.run()
                #expect(outcome.status == program.status)
                #expect(outcome.error.contains(program.reason), "\(outcome)")
            }
            let running = try RunningContainer(container, "echo ready; sleep 99")
            for (index, program) in Self.programs.enumerated() {
                let outcome = try running.exec(["/program\(index)"])
                #expect(outcome.status == program.status)
                #expect(outcome.error.contains(program.reason), "\(outcome)")
            }
            try running.stop()
        }
    }

    @Test func `mounting a directory on a file, or a file on a directory, is reported`() throws {
        try ContainerFixture.with { container in
            let (directory, file) = (
                container.directory.appending("volume"), container.directory.appending("file")
            )
            try FileSystem.makeDirectory(directory)
            try AtomicFile.write([], to: file)
            for (source, target) in [(directory, "/etc/passwd"), (file, "/etc")] {
                container.specification.mounts = [
                    .init(
                        destination: target,
                        type: "bind",
                        source: source.string,
                        options: ["rbind"]
                    )
                ]
                let outcome = try container.run("true")
                #expect(outcome.status == 125)
                #expect(outcome.error.contains("'\(source)' on"), "\(outcome)")
                #expect(outcome.error.contains("'\(target)'"), "\(outcome)")
            }
        }
    }

    @Test(arguments: ["99999999999", "4294967295", "1000:2147483648"])
    func `an id out of range is reported as such`(user: String) throws {
        try ContainerFixture.with { container in
            container.specification.user = user
            let outcome = try container.run("true")
            #expect(outcome.status == 125)
            #expect(outcome.error.contains("range 0-2147483647"), "\(outcome)")
        }
    }

    @Test func `a working directory that is a file is reported as such`() throws {
        try ContainerFixture.with { container in
            container.specification.workingDirectory = "/etc/passwd"
            let outcome = try container.run("true")
            #expect(outcome.error.contains("the working directory is a file"), "\(outcome)")
        }
    }
}
