import Linux
import OCI
import SystemPackage
import Testing

@testable import ContainerRuntime

/// Limits on a machine with only a version 2 tree, simulated by a directory of the same structure.
struct CgroupVersion2Tests {
    private static let files = [
        "memory.max", "memory.low", "memory.swap.max", "cpu.max", "cpu.weight", "cpuset.cpus",
        "cpuset.mems", "pids.max", "io.max", "io.weight",
    ]

    /// Calls `body` with the tree's root and a group two levels below it.
    private func withTree(
        files: [String],
        _ body: (FilePath, FilePath, Cgroup) throws -> Void
    ) throws {
        try withVersion2Tree { hierarchy, place in
            let root = place.removingLastComponent()
            let group = root.appending("parent/child")
            try FileSystem.makeDirectories(group)
            for directory in [root, root.appending("parent")] {
                try AtomicFile.write(
                    Array("cpuset cpu io memory hugetlb pids rdma\n".utf8),
                    to: directory.appending("cgroup.controllers")
                )
                try AtomicFile.write([], to: directory.appending("cgroup.subtree_control"))
            }
            for file in files { try AtomicFile.write([], to: group.appending(file)) }
            try body(root, group, Cgroup("/parent/child", in: hierarchy))
        }
    }

    @Test func `limits are written to the corresponding files`() throws {
        try withTree(files: Self.files) { root, group, cgroup in
            try cgroup.limitUnified(.everyLimit, from: root, to: group)
            var values: [String: String] = [:]
            for file in Self.files {
                values[file] = try FileSystem.readText(group.appending(file))
            }
            #expect(
                values == [
                    "memory.max": "67108864", "memory.low": "33554432",
                    "memory.swap.max": "33554432", "cpu.max": "50000 100000", "cpu.weight": "20",
                    "cpuset.cpus": "0-1", "cpuset.mems": "0", "pids.max": "20",
                    "io.max": "8:0 rbps=1048576", "io.weight": "4950",
                ]
            )
            for directory in [root, root.appending("parent")] {
                let control = directory.appending("cgroup.subtree_control")
                #expect(try FileSystem.readText(control).hasPrefix("+"))
            }
            #expect(!FileSystem.exists(group.appending("cgroup.subtree_control")))
        }
    }

    @Test func `a limit without its controller is refused with the missing file`() throws {
        try withTree(files: ["pids.max"]) { root, group, cgroup in
            var few = RuntimeSpecification.Resources()
            few.pids = .init(limit: 20)
            try cgroup.limitUnified(few, from: root, to: group)
            let error = #expect(throws: RuntimeError.self) {
                try cgroup.limitUnified(.everyLimit, from: root, to: group)
            }
            #expect(error == .controllerMissing(group.appending("memory.max")))
        }
    }

    @Test func `unlimited memory leaves swap unlimited too`() {
        var resources = RuntimeSpecification.Resources()
        resources.memory = .init()
        resources.memory?.limit = -1
        resources.memory?.swap = -1
        let values = CgroupSettings(v2: resources).settings.map { "\($0.file) \($0.value)" }
        #expect(values == ["memory.max max", "memory.swap.max max"])
    }

    @Test(arguments: [UInt16(10): UInt64(1), 1_000: 10_000, 500: 4_950, 5: 1])
    func `a block I/O weight is converted to version 2`(weight: UInt16, expected: UInt64) {
        #expect(CgroupSettings.ioWeight(weight) == expected)
        #expect(CgroupSettings.ioWeight(0) == nil)
    }
}
