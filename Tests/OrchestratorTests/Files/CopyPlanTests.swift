import SystemPackage
import Testing

@testable import Orchestrator

/// A source and a destination of a copy, with the resulting plan.
struct CopyCase: CustomTestStringConvertible {
    var source: String
    var isDirectory: Bool
    var destination: String
    var found: CopyPlan.Found
    /// Nil if it is rejected.
    var result: String?

    init(
        _ source: String,
        _ isDirectory: Bool,
        _ destination: String,
        _ found: CopyPlan.Found,
        _ result: String?
    ) {
        self.source = source
        self.isDirectory = isDirectory
        self.destination = destination
        self.found = found
        self.result = result
    }

    var testDescription: String { "\(source) to \(destination) (\(found))" }
}

struct CopyPlanTests {
    /// Source: docker container cp, the table of its description.
    @Test(arguments: [
        CopyCase("/a/f", false, "/d", .nothing, "/ f=d"),
        CopyCase("/a/f", false, "/d/", .nothing, nil),
        CopyCase("/a/f", false, "/d/.", .nothing, nil),
        CopyCase("/a/f", false, "/d", .other, "/ f=d"),
        CopyCase("/a/f", false, "/d/", .other, nil),
        CopyCase("/a/f", false, "/d", .directory, "/d f=f"),
        CopyCase("/a/t", true, "/x/d", .nothing, "/x f=d"),
        CopyCase("/a/t", true, "/x/d/", .nothing, "/x f=d"),
        CopyCase("/a/t/.", true, "/x/d", .nothing, "/x f=d"),
        CopyCase("/a/t", true, "/d", .other, nil),
        CopyCase("/a/t/", true, "/d", .directory, "/d f=t"),
        CopyCase("/a/t/.", true, "/d", .directory, "/d f=."),
        CopyCase("/", true, "/d", .directory, "/d f=."),
        CopyCase("../x/./f", false, "/", .directory, "/ f=f"),
    ])
    func `a copy has the destination of docker cp`(example: CopyCase) {
        let source = CopyPath(example.source, below: "/work")
        let plan = try? CopyPlan(
            source.name,
            isDirectory: example.isDirectory,
            to: CopyPath(example.destination),
            example.found
        )
        let result = plan.map { "\($0.directory) f=\($0.name?.string ?? ".")" }
        #expect(result == example.result)
    }
}
