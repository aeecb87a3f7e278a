import Dockerfile
import Testing

@testable import ImageBuilder

struct PlainBuildProgressTests {
    @Test func `steps are numbered in order, and named again when output returns to them`() {
        var progress = PlainBuildProgress()
        let events: [BuildEvent] = [
            .started(.step(7), name: "[1/2] FROM a"), .cached(.step(7)),
            .started(.step(9), name: "[2/2] RUN x"),
            .output(.step(9), line: "hello", after: .milliseconds(1234)),
            .started(.export(7), name: "[b 1/1] RUN y"),
            .done(.step(9), after: .milliseconds(3456)), .failed(.export(7), reason: "no"),
        ]
        let expected = """
            #1 [1/2] FROM a
            #1 CACHED

            #2 [2/2] RUN x
            #2 1.234 hello

            #3 [b 1/1] RUN y

            #2 [2/2] RUN x
            #2 DONE 3.4s

            #3 [b 1/1] RUN y
            #3 ERROR: no
            """
        #expect(events.flatMap { progress.lines(for: $0) }.joined(separator: "\n") == expected)
    }

    @Test func `an error shows the output, the lines and the reason`() {
        var error = BuildError(.processFailed(command: "/bin/sh -c false", exitCode: 1))
        error.step = "[2/2] RUN false"
        error.output = ["0.1 oh"]
        let position = SourcePosition(file: "Dockerfile", line: 2)
        error.excerpt = DockerfileExcerpt(["FROM a", "RUN false"], at: position, through: 2)
        let expected = """
            ------
             > [2/2] RUN false:
            0.1 oh
            ------
            Dockerfile:2
            --------------------
               1 |     FROM a
               2 | >>> RUN false
            --------------------
            failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1
            """
        #expect(error.description == expected)
    }

    @Test func `names and errors are escaped, the output of steps is not`() {
        var progress = PlainBuildProgress()
        let step = BuildEvent.StepID.step(1)
        let red = "\u{1B}[31mred"
        #expect(progress.lines(for: .started(step, name: red)) == ["#1 \\x1b[31mred"])
        #expect(
            progress.lines(for: .output(step, line: red, after: .zero)) == ["#1 0.000 \(red)"]
        )
        #expect(
            progress.lines(for: .failed(step, reason: red)) == ["#1 ERROR: \\x1b[31mred"]
        )
    }
}
