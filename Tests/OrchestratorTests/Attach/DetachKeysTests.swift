import Testing

@testable import Orchestrator

struct DetachKeysTests {
    @Test(arguments: [
        ("", [16, 17]), ("ctrl-p,ctrl-q", [16, 17]), ("a", [97]), ("ctrl-@,x,DEL", [0, 120, 127]),
        ("ctrl-[,ctrl-\\,ctrl-],ctrl-^,ctrl-_", [27, 28, 29, 30, 31]), ("ctrl-z", [26]),
    ])
    func `keys are parsed as by docker`(text: String, bytes: [UInt8]) throws {
        #expect(try DetachKeys(text).bytes == bytes)
    }

    @Test(arguments: [
        ("ctrl-P", "ctrl-P"), ("a,,b", ""), ("ctrl-p, ctrl-q", " ctrl-q"), ("esc", "esc"),
        ("ctrl-1", "ctrl-1"), ("é", "é"),
    ])
    func `an unknown key is rejected by name`(text: String, key: String) {
        #expect(throws: DetachKeys.UnknownKey(key: key)) { try DetachKeys(text) }
    }

    @Test(arguments: [
        (["abc"], "abc", false), (["a\u{10}b"], "a\u{10}b", false), (["a\u{10}\u{11}b"], "a", true),
        (["a\u{10}", "\u{11}b"], "a", true), (["\u{10}", "b"], "\u{10}b", false),
        (["\u{10}\u{10}\u{11}"], "\u{10}", true), (["\u{11}\u{10}"], "\u{11}", false),
    ])
    func `keys are found in the input, and only they are held back`(
        typed: [String],
        passed: String,
        isDetached: Bool
    ) {
        var scanner = DetachScanner(.standard)
        var bytes: [UInt8] = []
        var found = false
        for piece in typed where !found {
            let step = scanner.pass(Array(piece.utf8))
            bytes += step.bytes
            found = step.isDetached
        }
        #expect(bytes == Array(passed.utf8))
        #expect(found == isDetached)
    }
}
