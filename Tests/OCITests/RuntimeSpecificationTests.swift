import Foundation
import OCI
import Testing

struct RuntimeSpecificationTests {
    private func decode(_ json: String) throws -> RuntimeSpecification {
        try JSONDecoder().decode(RuntimeSpecification.self, from: Data(json.utf8))
    }

    @Test func `a configuration written by other runtimes is decoded`() throws {
        let specification = try decode(
            """
            {"ociVersion": "1.0.2", "hooks": {}, "hostname": "web",
             "process": {"terminal": true, "user": {"uid": 5, "gid": 6, "additionalGids": [7]},
               "args": ["sh"], "cwd": "/", "rlimits": [{"type": "RLIMIT_CORE", "soft": 0,
               "hard": 18446744073709551615}]},
             "root": {"path": "rootfs", "readonly": true},
             "linux": {"namespaces": [{"type": "pid"}, {"type": "network", "path": "/x"}],
               "resources": {"devices": [{"allow": false, "access": "rwm"}],
               "memory": {"limit": -1, "disableOOMKiller": true}},
               "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["socket"],
               "action": "SCMP_ACT_ALLOW", "args": [{"index": 0, "value": 40,
               "op": "SCMP_CMP_NE"}]}]}}}
            """
        )
        #expect(specification.process?.user?.additionalGids == [7])
        #expect(specification.process?.rlimits?.first?.hard == .max)
        #expect(specification.root?.readonly == true)
        #expect(specification.linux?.namespaces?.last == .init(.network, path: "/x"))
        #expect(specification.linux?.resources?.memory?.limit == -1)
        #expect(specification.linux?.seccomp?.syscalls?.first?.args?.first?.op == .notEqual)
    }

    @Test func `an encoded configuration is decoded unchanged`() throws {
        var specification = RuntimeSpecification(
            process: .init(args: ["true"]),
            root: .init(path: "rootfs"),
            linux: .init(namespaces: [.init(.mount)], cgroupsPath: "/a/b")
        )
        specification.annotations = ["io.example": "x"]
        let json = try JSONEncoder().encode(specification)
        #expect(try JSONDecoder().decode(RuntimeSpecification.self, from: json) == specification)
    }

    @Test(arguments: ["{}", "[]", "{\"ociVersion\": 1}", "{\"ociVersion\": \"1\", \"mounts\": {}}"])
    func `an invalid configuration is refused`(json: String) {
        #expect(throws: DecodingError.self) { try decode(json) }
    }
}
