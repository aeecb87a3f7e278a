import Linux
import SystemPackage
import Testing

@testable import Dockerfile

struct CorpusTests {
    @Test(arguments: try CorpusTests.inputs())
    func `a hostile Dockerfile is parsed or rejected`(input: Input) {
        do throws(DockerfileError) {
            _ = try Dockerfile(parsing: input.text, file: input.name)
        } catch {
            #expect(error.position.line > 0 && !error.description.isEmpty)
        }
    }

    /// A file of `Fuzz/Corpus/dockerfile`.
    struct Input: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String

        var testDescription: String { name }
    }

    private static func inputs() throws -> [Input] {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent()
        let directory = root.appending("Fuzz/Corpus/dockerfile")
        return try FileSystem.entries(of: directory).sorted().map { name in
            Input(name: name, text: try FileSystem.readText(directory.appending(name)))
        }
    }
}
