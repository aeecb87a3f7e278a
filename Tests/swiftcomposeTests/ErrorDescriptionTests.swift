import Testing

@testable import swiftcompose

struct ErrorDescriptionTests {
    private static let errors: [any Error] =
        commandErrors + templateErrors + [RuntimeCommandError.usage]

    private static let commandErrors: [any Error] = [
        CommandError.unknownCommand("upp", suggestion: "up"),
        CommandError.unknownCommand("frobnicate", suggestion: nil),
        CommandError.noSuchService("web", known: []),
        CommandError.noSuchService("web", known: ["api", "db"]),
        CommandError.serviceNotRunning("web"), CommandError.replicaNotRunning("web", 2),
        CommandError.paused("web"), CommandError.restarting("web"),
        CommandError.inputNotATerminal,
        CommandError.portNotPublished("80/tcp", container: "demo-web-1", published: ""),
        CommandError.incompatible("--a", "--b"), CommandError.noContainer("web", index: 0),
        CommandError.noContainer("web", index: 3), CommandError.copyBetweenServices("/x"),
        CommandError.unknownCopyDirection, CommandError.terminalOutput, CommandError.notATerminal,
        CommandError.nothingToWaitFor("demo"),
        CommandError.noDigest("web:1", place: nil, reason: "not found"),
        CommandError.noDigest("web:1", place: "compose.yaml:3:5", reason: "not found"),
        CommandError.storeBusy,
        CommandError.unsupportedCommand("publish", reason: "use 'config' instead"),
        CommandError.execInPaused("demo-web-1", service: "web"),
        CommandError.invalidVariable("COMPOSE_ANSI", value: "x", expected: "one of auto, never"),
    ]

    private static let templateErrors: [any Error] = [
        TemplateError(.unclosed, in: "{{.Name"), TemplateError(.unreadable("$x"), in: "{{$x}}"),
        TemplateError(.unknownFunction("if"), in: "{{if}}"),
        TemplateError(.unknownField("Nope", known: ["Name"]), in: "{{.Nope}}"),
        TemplateError(.wrongArguments("upper", wanted: "one value"), in: "{{upper}}"),
    ]

    @Test func `every error is a sentence, not a debug description`() {
        for error in Self.errors {
            let text = "\(error)"
            #expect(error is any CustomStringConvertible, "\(text)")
            let traces = ["Optional(", "swiftcompose.", "Error(", "nil", "[\"", "Substring"]
            for trace in traces { #expect(!text.contains(trace), "\(text)") }
            #expect(text.contains(" "), "\(text)")
            #expect(text.last != "." && text.last != "\n", "\(text)")
        }
    }

    @Test func `no two errors read the same`() {
        let texts = Self.errors.map { "\($0)" }
        #expect(Set(texts).count == texts.count)
    }
}
