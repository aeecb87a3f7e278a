import Testing
import YAML

@testable import ComposeFile

struct ExcerptTests {
    private let error = ComposeError(
        .undefined(.network, "back", neededBy: "web", known: []),
        at: SourceLocation(file: "compose.yaml", line: 2, column: 4)
    )

    @Test func `a caret marks the column`() {
        let excerpt = error.excerpt(from: "services:\r\n\tä: x\r\n")
        #expect(excerpt.hasSuffix("\n  |\n2 | \tä: x\n  | \t  ^"))
        #expect(excerpt.hasPrefix("compose.yaml:2:4: "))
    }

    @Test func `a location without a line has no excerpt`() {
        #expect(error.excerpt(from: "services:") == error.description)
    }

    @Test func `control characters are replaced`() {
        #expect(!error.excerpt(from: "\na: \u{1B}[31m").contains("\u{1B}"))
    }
}
