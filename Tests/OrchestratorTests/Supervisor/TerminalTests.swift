import Linux
import OCI
import SystemPackage
import Testing

@testable import Orchestrator

/// Terminals and standard input, also across a supervisor's death.
@Suite(.enabled(if: SupervisorFixture.obstacle == nil, "needs busybox and namespaces"))
struct TerminalTests {
    private let conversation =
        "trap 'echo hung up' HUP; echo ready; while read word; do echo said $word; done"

    @Test func `a terminal survives its supervisor and is served by the next one`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("shell", conversation) {
                $0.hasTerminal = true
                $0.keepsInputOpen = true
            }
            let input = try fixture.input(record)
            try await fixture.start(record)
            try await fixture.waitForOutput("ready", of: record)
            let pid = try #require(try fixture.state(record).pid)
            for round in 1...3 {
                try await fixture.killSupervisor(after: 0)
                try input.write(Array("word\(round)\n".utf8))
                try await fixture.start(record)
                try await fixture.waitForOutput("said word\(round)", of: record)
            }
            #expect(try fixture.state(record).pid == pid)
            #expect(try !fixture.log(record).contains { $0.contains("hung up") })
        }
    }

    @Test func `killed supervisors neither lose nor repeat output of a terminal`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let script = "i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done; sleep 1000"
            let record = try fixture.make("talker", script) { $0.hasTerminal = true }
            try await fixture.start(record)
            for _ in 0..<15 {
                try await fixture.killSupervisor(after: .random(in: 0...40))
                try await fixture.start(record)
            }
            try await fixture.waitForLine("19999\r", of: record)
            try await fixture.stop(record)
            #expect(try fixture.log(record).elementsEqual((0..<20000).map { "\($0)\r" }))
        }
    }

    @Test func `a killed keeper is replaced and receives all descriptors again`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("shell", conversation) {
                $0.hasTerminal = true
                $0.keepsInputOpen = true
            }
            let input = try fixture.input(record)
            try await fixture.start(record)
            let keeper = try #require(try fixture.pid(of: "keep"))
            try await BackgroundThread.run { try Self.kill(keeper) }
            // The supervisor handles the keeper's end before this request.
            try await fixture.start(record)
            try await fixture.killSupervisor(after: 0)
            try input.write(Array("word\n".utf8))
            try await fixture.start(record)
            try await fixture.waitForOutput("said word", of: record)
        }
    }

    @Test func `the keeper exits with the last container`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("shell", conversation) { $0.hasTerminal = true }
            try await fixture.start(record)
            let keeper = try ProcessHandle(pid: try #require(try fixture.pid(of: "keep")))
            try await fixture.killSupervisor(after: 0)
            try await fixture.stop(record, grace: .zero)
            await fixture.client.close()
            try await BackgroundThread.run {
                _ = try Readiness.wait(for: [keeper.descriptor.number])
            }
            let socket = fixture.files.run.appending("keeper.sock")
            #expect(!FileSystem.exists(socket))
        }
    }

    @Test func `output and exit code survive an exit without a supervisor`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("job", "read word; seq 1 3000; exit 3") {
                $0.keepsInputOpen = true
            }
            let shell = try fixture.make("shell", "read word; seq 1 100; exit 3") {
                $0.keepsInputOpen = true
                $0.hasTerminal = true
            }
            let before = Timestamp.now
            for record in [record, shell] { try await fixture.start(record) }
            let pids = try [record, shell].map { try #require(try fixture.state($0).pid) }
            try await fixture.withoutSupervisor {
                let process = try ProcessHandle(pid: pids[0])
                try fixture.input(record).write(Array("go\n".utf8))
                let number = process.descriptor.number
                try await BackgroundThread.run { _ = try Readiness.wait(for: [number]) }
            }
            let events = try await fixture.client.events(since: before)
            try fixture.input(shell).write(Array("go\n".utf8))
            var codes: [String: Int32?] = [:]
            for await event in events {
                if case .died(let code, _) = event.kind { codes[event.container] = code }
                if codes.count == 2 { break }
            }
            #expect(try fixture.log(record) == (1...3000).map(String.init))
            #expect(try Array(fixture.log(shell).dropFirst()) == (1...100).map { "\($0)\r" })
            #expect(Set(codes.keys) == [record.id, shell.id])
            for record in [record, shell] {
                let code = try #require(codes[record.id])
                #expect(
                    isExitCodeOfNonChild(code, expected: 3),
                    "\(record.service): \(code as Any)"
                )
            }
        }
    }

    @Test func `a terminal can be resized before and after its start`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let script = "while busybox stty size; do read word; done"
            let record = try fixture.make("shell", script) {
                $0.hasTerminal = true
                $0.keepsInputOpen = true
            }
            let input = try fixture.input(record)
            try await fixture.resize(record, rows: 40, columns: 100)
            try await fixture.start(record)
            try await fixture.waitForOutput("40 100", of: record)
            try await fixture.resize(record, rows: 50, columns: 120)
            try input.write(Array("\n".utf8))
            try await fixture.waitForOutput("50 120", of: record)
            let plain = try fixture.make("plain", "sleep 1000")
            try await fixture.start(plain)
            let error = await #expect(throws: SupervisorError.self) {
                try await fixture.resize(plain, rows: 1, columns: 1)
            }
            #expect(error?.description.contains("terminal") == true, "\(error as Any)")
        }
    }

    @Test func `a prompt is shown before its line is terminated`() async throws {
        try await SupervisorFixture.with { fixture in
            let script = "printf 'name: '; read name; echo hello $name"
            let record = try fixture.make("plain", script) { $0.keepsInputOpen = true }
            let events = try await fixture.client.events()
            try await fixture.start(record)
            try await fixture.waitForOutput("name: ", of: record)
            try fixture.input(record).write(Array("you\n".utf8))
            _ = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            #expect(try fixture.log(record) == ["name: hello you"])
        }
    }

    @Test func `input ends with its client where configured`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("job", "cat; echo end") {
                $0.keepsInputOpen = true
                $0.endsInputWithClient = true
            }
            let events = try await fixture.client.events()
            let input = try fixture.input(record)
            try await fixture.start(record)
            try input.write(Array("word\n".utf8))
            close(input)
            _ = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            #expect(try fixture.log(record) == ["word", "end"])
        }
    }

    @Test func `input stays open without a writer, and is empty where not kept open`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let script = "read one; echo $one; read two; echo $two"
            let record = try fixture.make("patient", script) { $0.keepsInputOpen = true }
            try await fixture.start(record)
            for word in ["one", "two"] {
                try fixture.input(record).write(Array("\(word)\n".utf8))
                try await fixture.waitForOutput(word, of: record)
            }
            let other = try fixture.make("empty", "cat; echo end")
            try await fixture.start(other)
            try await fixture.waitForOutput("end", of: other)
        }
    }

    @Test func `output that is not logged is shown to an attached client`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("quiet", "echo secret; sleep 1000") {
                $0.logging = .none
            }
            try await fixture.start(record)
            try await fixture.waitForOutput("secret", of: record)
            #expect(!FileSystem.exists(fixture.files.container(record.id).log))
            try await fixture.stop(record)
            try ContainerStore(fixture.paths).remove(record.id, of: fixture.project)
            let output = fixture.files.run.appending("output")
            #expect(try FileSystem.entries(of: output) == [])
        }
    }

    private func close(_ descriptor: consuming Descriptor) {}

    private static func kill(_ pid: Int32) throws {
        let process = try ProcessHandle(pid: pid)
        try process.send(.kill)
        _ = try Readiness.wait(for: [process.descriptor.number])
    }
}

extension SupervisorFixture {
    /// A container's input, as a command that is attached opens it.
    func input(_ record: ContainerRecord) throws -> Descriptor {
        try files.container(record.id).openStandardInput()
    }

    func resize(_ record: ContainerRecord, rows: UInt16, columns: UInt16) async throws {
        try await client.request(.resize(container: record.id, rows: rows, columns: columns))
    }

    /// Follows a container's output byte by byte until `text` has appeared in it.
    func waitForOutput(_ text: String, of record: ContainerRecord) async throws {
        let (pieces, continuation) = AsyncStream<String>.makeStream()
        let options = LogOptions(follow: true, inPieces: true)
        let session = try LogSession([files.output(of: record)], options) { line in
            let end = line.continues ? "" : "\n"
            continuation.yield(String(decoding: line.text, as: UTF8.self) + end)
            return true
        } onPause: {
            true
        }
        var shown = ""
        for await piece in pieces {
            shown += piece
            if shown.contains(text) { break }
        }
        session.stop()
        await session.ended()
    }
}
