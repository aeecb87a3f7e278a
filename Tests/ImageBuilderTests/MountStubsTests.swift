import Linux
import SystemPackage
import TestSupport
import Testing

@testable import ImageBuilder

struct MountStubsTests {
    @Test func `mount points that the step did not use are removed`() throws {
        try withScratchDirectory { scratch in
            let files = ["base/etc/passwd": "x", "upper/mnt/new/": "", "upper/etc/hosts": ""]
            try writeFiles(files, in: scratch)
            let left = try entriesLeft(of: ["/mnt/new", "/etc/hosts"], in: scratch)
            #expect(left.isEmpty)
        }
    }

    @Test func `mount points with content stay`() throws {
        try withScratchDirectory { scratch in
            let files = [
                "base/etc/passwd": "x", "upper/mnt/new/kept": "1", "upper/etc/hosts": "written",
            ]
            try writeFiles(files, in: scratch)
            let left = try entriesLeft(of: ["/mnt/new", "/etc/hosts"], in: scratch)
            #expect(left == ["etc", "mnt"])
            let folder = scratch.appending("upper/mnt/new")
            #expect(try FileSystem.entries(of: folder) == ["kept"])
        }
    }

    @Test func `a directory whose mode the step changed stays`() throws {
        try withScratchDirectory { scratch in
            let files = ["base/etc/passwd": "x", "upper/etc/hosts": ""]
            try writeFiles(files, in: scratch)
            try FileSystem.setMode(of: scratch.appending("upper/etc"), to: 0o700)
            let left = try entriesLeft(of: ["/etc/hosts"], in: scratch)
            #expect(left == ["etc"])
            #expect(try FileSystem.entries(of: scratch.appending("upper/etc")).isEmpty)
        }
    }

    @Test func `a mount point over an existing file leaves the file alone`() throws {
        try withScratchDirectory { scratch in
            let files = ["base/etc/hosts": "base", "upper/etc/hosts": "changed"]
            try writeFiles(files, in: scratch)
            #expect(try entriesLeft(of: ["/etc/hosts"], in: scratch) == ["etc"])
        }
    }

    /// Removes the mount points of `targets` from `upper` and lists the rest of it.
    private func entriesLeft(of targets: [String], in scratch: FilePath) throws -> [String] {
        let base = try LayeredTree([scratch.appending("base")])
        let upper = scratch.appending("upper")
        try MountStubs(of: targets, in: base).remove(from: upper)
        return try FileSystem.entries(of: upper).sorted()
    }
}
