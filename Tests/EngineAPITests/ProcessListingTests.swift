import Testing

@testable import EngineAPI

struct ProcessListingTests {
    private let text = """
          PID USER     COMMAND
            1 root     init
          205 root     sleep  600
          206 root     top

        """

    @Test func `only the container's processes are kept, and commands are whole`() throws {
        let listing = try ProcessListing(parsing: text, keeping: [205])
        #expect(listing.titles == ["PID", "USER", "COMMAND"])
        #expect(listing.rows == [["205", "root", "sleep 600"]])
    }

    @Test func `a table without process ids is refused`() {
        #expect(throws: EngineError(500, "Couldn't find PID field in ps output")) {
            try ProcessListing(parsing: "USER\nroot\n", keeping: [1])
        }
    }
}
