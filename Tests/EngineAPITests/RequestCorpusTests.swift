import Linux
import SystemPackage
import Testing

@testable import EngineAPI

struct RequestCorpusTests {
    @Test func `inputs that the fuzzer has found end in a message`() throws {
        let corpus = FilePath(#filePath).removingLastComponent().removingLastComponent()
            .removingLastComponent().appending("Fuzz/Corpus/request")
        let names = try FileSystem.entries(of: corpus)
        #expect(names.count >= 3)
        for name in names {
            let text = ReceivedText(try FileSystem.read(corpus.appending(name)))
            #expect(text.faults.allSatisfy { !$0.isEmpty }, "\(name)")
            if let document = text.document {
                #expect(try JSON(parsing: document.bytes) == document, "\(name)")
            }
        }
    }
}
