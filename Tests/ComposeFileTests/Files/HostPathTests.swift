import Testing

@testable import ComposeFile

struct HostPathTests {
    @Test(arguments: [
        ("", "."), ("/", "/"), ("a/../..", ".."), ("/a/../..", "/"), ("./a//b/.", "a/b"),
    ])
    func `a path is cleaned lexically`(path: String, expected: String) {
        #expect(HostPath.clean(path) == expected)
    }

    @Test(arguments: [
        ("/a/b", "/a", "b"), ("/a", "/a", "."), ("/a/c", "/a/b", "../c"), ("/", "/a/b", "../.."),
        ("/x/y", "/a", "../x/y"),
    ])
    func `a path is expressed relative to a directory`(
        path: String,
        directory: String,
        expected: String
    ) {
        #expect(HostPath.relative(path, from: directory) == expected)
    }

    @Test(arguments: [("a", "."), ("/a", "/"), ("/a/b/", "/a/b"), ("a/b/../c", "a")])
    func `the directory of a path lacks its last component`(path: String, expected: String) {
        #expect(HostPath.directory(path) == expected)
    }

    @Test(arguments: [("", "a", "a"), ("/a", "../b", "/b"), ("a", "", "a"), (".", "./x", "x")])
    func `paths are joined and cleaned`(base: String, path: String, expected: String) {
        #expect(HostPath.join(base, path) == expected)
    }

    @Test func `drive letters and network shares are absolute on Windows`() {
        #expect(HostPath.isWindowsAbsolute("C:\\x"))
        #expect(HostPath.isWindowsAbsolute("\\\\host\\share"))
        #expect(!HostPath.isWindowsAbsolute("C:x"))
    }
}
