import Dockerfile
import Testing

@testable import ImageBuilder

struct PlainBuildProgressTests {
    @Test func `steps are numbered as they come, and named again when they speak again`() {
        var progress = PlainBuildProgress()
        let events: [BuildEvent] = [
            .started(7, name: "[1/2] FROM a"), .cached(7), .started(9, name: "[2/2] RUN x"),
            .output(9, line: "hello", after: .milliseconds(1234)),
            .started(8, name: "[b 1/1] RUN y"), .done(9, after: .milliseconds(3456)),
            .failed(8, reason: "no"),
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

    @Test func `a failure shows its output, its lines and its reason`() {
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
}
