import ImageBuilder
import Testing

@testable import swiftcompose

struct BuildBoardTests {
    private let start = ContinuousClock.now

    @Test func `each step has one line with its time`() {
        var board = BuildBoard(at: start)
        board.note(.started(.step(0), name: "[api 1/2] FROM busybox"), at: start)
        board.note(.started(.step(1), name: "[web 1/1] RUN true"), at: start)
        board.note(.cached(.step(0)), at: start)
        board.note(.output(.step(1), line: "noise", after: .zero), at: start)
        #expect(
            lines(of: board, at: start + .milliseconds(1250)) == [
                "[+] Building 1.2s (1/2)",
                " => CACHED [api 1/2] FROM busybox   0.0s",
                " => [web 1/1] RUN true              1.2s",
            ]
        )
    }

    @Test func `failed and cancelled steps are marked`() {
        var board = BuildBoard(at: start)
        for step in 0..<2 { board.note(.started(.step(step), name: "RUN x"), at: start) }
        board.note(.failed(.step(0), reason: "exit code: 1"), at: start)
        board.note(.failed(.step(1), reason: "CANCELED"), at: start)
        let lines = lines(of: board)
        #expect(lines[1].hasPrefix(" => ERROR RUN x "))
        #expect(lines[2].hasPrefix(" => CANCELED RUN x "))
    }

    @Test(arguments: [3, 10, 24]) func `the lines fit and show what runs`(height: Int) {
        var board = BuildBoard(at: start)
        let long = String(repeating: "very ", count: 30)
        for step in 0..<30 {
            board.note(.started(.step(step), name: "RUN step \(step) " + long), at: start)
            if step < 29 { board.note(.done(.step(step), after: .zero), at: start) }
        }
        let lines = lines(of: board, height: height)
        #expect(lines.count == height)
        #expect(lines.allSatisfy { $0.count <= 40 })
        #expect(lines.last?.contains("RUN step 29") == true)
        #expect(lines.first?.contains("(29/30)") == true)
        #expect(self.lines(of: board, height: .max).count == 31)
    }

    @Test func `control characters of a name do not reach the terminal`() {
        var board = BuildBoard(at: start)
        board.note(.started(.step(0), name: "RUN \u{1B}[2J\r\u{9B}x"), at: start)
        let scalars = lines(of: board).flatMap(\.unicodeScalars)
        #expect(!scalars.contains { $0.properties.generalCategory == .control })
    }

    private func lines(
        of board: BuildBoard,
        height: Int = 24,
        at time: ContinuousClock.Instant? = nil
    ) -> [String] {
        board.lines(width: 40, height: height, inColour: false, at: time ?? start)
    }
}
