import Linux
import SystemPackage
import Testing
import YAML

@testable import ComposeFile

struct CorpusTests {
    @Test(arguments: try CorpusTests.inputs("yaml"))
    func `hostile YAML is parsed or rejected`(input: Input) {
        do {
            _ = try YAMLDocument.all(in: input.bytes, file: input.name)
        } catch {
            #expect(error.location.line > 0)
        }
    }

    @Test(arguments: try CorpusTests.inputs("dotenv"))
    func `a hostile env file is parsed or rejected`(input: Input) {
        var variables: [String: String] = [:]
        var warnings: [ComposeWarning] = []
        do {
            try Dotenv.parse(
                input.bytes,
                file: input.name,
                into: &variables,
                warnings: &warnings
            ) { _ in nil }
        } catch {
            #expect(error.errors.allSatisfy { $0.location.line > 0 })
        }
    }

    @Test(arguments: try CorpusTests.inputs("template"))
    func `a hostile string is interpolated or rejected`(input: Input) {
        var template = Template { $0.hasPrefix("s") ? "value" : nil }
        do {
            _ = try template.substitute(String(decoding: input.bytes, as: UTF8.self))
        } catch {
            #expect(!error.description.isEmpty)
        }
    }

    /// A file of `Fuzz/Corpus`.
    struct Input: Sendable, CustomTestStringConvertible {
        var name: String
        var bytes: [UInt8]

        var testDescription: String { name }
    }

    private static func inputs(_ kind: String) throws -> [Input] {
        let root = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent()
        let directory = root.appending("Fuzz/Corpus").appending(kind)
        return try FileSystem.entries(of: directory).sorted().map { name in
            Input(name: name, bytes: try FileSystem.read(directory.appending(name)))
        }
    }
}
