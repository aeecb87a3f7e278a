import Testing

@testable import ComposeFile

struct HostPathTests {
    @Test(arguments: [
        ("", "."), ("/", "/"), ("a/../..", ".."), ("/a/../..", "/"), ("./a//b/.", "a/b"),
    ])
    func `a path is cleaned by its text`(path: String, expected: String) {
        #expect(HostPath.clean(path) == expected)
    }

    @Test(arguments: [
        ("/a/b", "/a", "b"), ("/a", "/a", "."), ("/a/c", "/a/b", "../c"), ("/", "/a/b", "../.."),
        ("/x/y", "/a", "../x/y"),
    ])
    func `a path is told from a directory`(path: String, directory: String, expected: String) {
        #expect(HostPath.relative(path, from: directory) == expected)
    }

    @Test(arguments: [("a", "."), ("/a", "/"), ("/a/b/", "/a/b"), ("a/b/../c", "a")])
    func `the directory of a path is all but its last part`(path: String, expected: String) {
        #expect(HostPath.directory(path) == expected)
    }

    @Test(arguments: [("", "a", "a"), ("/a", "../b", "/b"), ("a", "", "a"), (".", "./x", "x")])
    func `paths are joined and cleaned`(base: String, path: String, expected: String) {
        #expect(HostPath.join(base, path) == expected)
    }

    @Test func `drives and shares are absolute for Windows`() {
        #expect(HostPath.isWindowsAbsolute("C:\\x"))
        #expect(HostPath.isWindowsAbsolute("\\\\host\\share"))
        #expect(!HostPath.isWindowsAbsolute("C:x"))
    }
}
