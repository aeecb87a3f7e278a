import Linux
import SystemPackage
import TestSupport
import Testing

@testable import Registry

/// Downloads of files by HTTP.
struct DownloadTests {
    @Test func `a file is fetched through redirects, with the time of its last change`()
        async throws
    {
        try await withScratchDirectory(in: "/var/tmp") { scratch in
            let content = [UInt8](repeating: 7, count: 3 << 20)
            try await withServer { question in
                switch question.uri {
                case "/start": Answer(status: 302, headers: [("location", "/next?x=1")])
                case "/next?x=1": Answer(status: 307, headers: [("location", "/end")])
                default:
                    Answer(
                        status: 200,
                        headers: [("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT")],
                        body: content
                    )
                }
            } _: { authority in
                let file = scratch.appending("file")
                let time = try await Download().fetch("http://\(authority)/start", to: file)
                #expect(try FileSystem.read(file) == content)
                #expect(time == .seconds(784_111_777))
            }
        }
    }

    @Test(arguments: [
        ("/gone", "invalid response status 404"),
        ("/loop", "too many redirects"),
        ("/nowhere", "invalid redirect: gopher"),
        ("/broken", "download failed"),
    ])
    func `a failed download is reported`(path: String, words: String) async throws {
        try await withScratchDirectory(in: "/var/tmp") { scratch in
            try await withServer { question in
                switch question.uri {
                case "/loop": Answer(status: 301, headers: [("location", "/loop")])
                case "/nowhere": Answer(status: 301, headers: [("location", "gopher://x")])
                case "/broken": Answer(status: 200, body: [1, 2, 3, 4], breaksAfter: 2)
                default: Answer(status: 404)
                }
            } _: { authority in
                let error = await #expect(throws: DownloadError.self) {
                    try await Download().fetch(
                        "http://\(authority)\(path)",
                        to: scratch.appending("file")
                    )
                }
                #expect(error?.description.contains(words) == true, "\(error as Any)")
            }
        }
    }

    @Test(arguments: [
        "Thu, 01 Jan 1970 00:00:00 GMT": 0, "Tue, 29 Feb 2000 12:00:00 GMT": 951_825_600,
        "Fri, 31 Dec 2100 23:59:59 GMT": 4_133_980_799, "Thu, 01 Jan 1970 00:00:00 CET": nil,
        "yesterday": nil, "Thu, 99 Jan 1970 00:00:00 GMT": nil,
    ])
    func `an HTTP date is parsed`(text: String, seconds: Int?) {
        #expect(HTTPDate.duration(text) == seconds.map { .seconds($0) })
    }
}
