import ImageStore
import Linux
import OCI
import SystemPackage
import TestSupport
import Testing

@testable import ImageBuilder

struct StepCacheTests {
    @Test func `a record is found by its key until the cache is removed`() throws {
        try withScratchDirectory { scratch in
            let cache = try StepCache(directory: scratch.appending("steps"))
            let (first, second) = (digest("first"), digest("second"))
            #expect(cache.record(first) == nil)
            let chain = ChainID(named: digest("chain"))
            try cache.keep(.layer(chain), for: first)
            try cache.keep(.nothing, for: second)
            let reopened = try StepCache(directory: scratch.appending("steps"))
            #expect(reopened.record(first) == .layer(chain))
            #expect(reopened.record(second) == .nothing)
        }
    }

    @Test(arguments: ["", "sha256:12", "nothing else", "\u{0}"])
    func `a damaged record counts as missing`(text: String) throws {
        try withScratchDirectory { scratch in
            let cache = try StepCache(directory: scratch)
            let key = digest("key")
            try cache.keep(.nothing, for: key)
            let folder = scratch.appending(String(key.hex.prefix(2)))
            try writeFiles([String(key.hex.dropFirst(2)): text], in: folder)
            #expect(cache.record(key) == nil)
            #expect(cache.stacks.isEmpty)
        }
    }

    @Test func `the stacks are the layers of all records`() throws {
        try withScratchDirectory { scratch in
            let cache = try StepCache(directory: scratch)
            let chains = ["a", "b"].map { ChainID(named: digest($0)) }
            for (index, chain) in chains.enumerated() {
                try cache.keep(.layer(chain), for: digest("key \(index)"))
            }
            try cache.keep(.nothing, for: digest("key 2"))
            // Locks and foreign files are not records.
            try writeFiles(["locks/x": "", "zz/file": "nothing"], in: scratch)
            #expect(cache.stacks == Set(chains))
        }
    }

    private func digest(_ text: String) -> OCI.Digest { OCI.Digest.sha256(of: Array(text.utf8)) }
}
