import Linux
import SystemPackage
import Testing
import YAML

@testable import ComposeFile

struct RecordedCaseTests {
    @Test(arguments: try RecordedCaseTests.cases())
    func `a project is loaded as docker compose loads it`(recorded: RecordedCase) throws {
        guard let answer = recorded.answer else {
            #expect(throws: ComposeErrors.self) { try recorded.loaded() }
            return
        }
        #expect(normal(try recorded.loaded()) == normal(try node(answer)))
    }

    @Test(arguments: try RecordedCaseTests.cases())
    func `the name is found without the tree`(recorded: RecordedCase) {
        // Without a tree there is no name to compare with.
        guard let tree = try? recorded.loader.tree() else { return }
        if let name = recorded.loader.nameAlone() { #expect(name == tree.name) }
    }

    /// Removes insignificant values: null commands and the empty `ipam` of networks.
    private func normal(_ answer: YAMLNode) -> YAMLNode {
        var answer = answer
        answer.change(at: ["services", "*"]) { service in
            service.changeMapping { service in
                for key in ["command", "entrypoint"] where service[key]?.isNull == true {
                    service[key] = nil
                }
            }
        }
        answer.change(at: ["networks", "*"]) { network in
            network.changeMapping { network in
                if network["ipam"]?.mapping?.isEmpty == true { network["ipam"] = nil }
            }
        }
        return answer
    }

    private static func cases() throws -> [RecordedCase] {
        let tests = FilePath(#filePath).removingLastComponent().removingLastComponent()
        let directory = tests.appending("Conformance").appending("config")
        return try FileSystem.entries(of: directory).sorted().flatMap { name in
            let bytes = try FileSystem.read(directory.appending(name))
            let topic = FilePath.Component(name)?.stem ?? name
            return RecordedCase.all(in: String(decoding: bytes, as: UTF8.self), topic: topic)
        }
    }
}
