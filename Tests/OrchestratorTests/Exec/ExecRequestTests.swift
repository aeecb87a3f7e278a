import Linux
import Testing

@testable import Orchestrator

@Suite struct ExecRequestTests {
    @Test(arguments: [
        ExecRequest(service: "web", command: ["true"]),
        ExecRequest(service: "web", index: 3, command: ["sh", "-c", "", "zwölf"]),
        ExecRequest(
            service: "db",
            command: ["psql"],
            environment: ["A=1", "B="],
            user: "postgres:root",
            workingDirectory: "/var/lib",
            isPrivileged: true,
            hasTerminal: true,
            terminalSize: .init(rows: 40, columns: 100)
        ),
        ExecRequest(service: "db", command: ["vacuum"], isDetached: true),
    ])
    func `a request survives encoding`(request: ExecRequest) {
        var arrived = ExecRequest(service: "", command: [])
        for part in request.parts {
            let isUnderstood = arrived.take(part)
            #expect(isUnderstood)
        }
        #expect(arrived == request)
    }

    @Test(arguments: ["", "q", "z", "z40", "z40 x", "z40 100 1", "z70000 1"])
    func `an unknown message is rejected`(part: String) {
        var request = ExecRequest(service: "", command: [])
        let isUnderstood = request.take(Array(part.utf8))
        #expect(!isUnderstood)
    }

    @Test(arguments: [
        ExecAnswer.process(pid: 4711), .ended(code: 0), .ended(code: 137), .absent,
        .paused(container: "shop-web-1"),
    ])
    func `an answer survives encoding`(answer: ExecAnswer) {
        #expect(ExecAnswer(answer.message) == answer)
    }

    @Test(arguments: ["", "P", "Px", "X", "c", "e"])
    func `a report of the new process is not an answer`(message: String) {
        #expect(ExecAnswer(Array(message.utf8)) == nil)
    }
}
