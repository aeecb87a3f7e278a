import Glibc
import Linux
import SystemPackage
import Testing

@Suite(.enabled(if: geteuid() == 0, "namespaces need root"))
struct NamespacesTests {
    @Test func `a visit ends in the thread's own namespace, also after an error`() async throws {
        try await BackgroundThread.run {
            let own = try identity()
            let other = try Namespaces.network.make()
            #expect(try identity() == own)
            let visited = try Namespaces.network.visiting(other) { () throws(SystemCallError) in
                try identity()
            }
            #expect(visited != own)
            #expect(try identity() == own)
            let error = #expect(throws: SystemCallError.self) {
                try Namespaces.network.visiting(other) { () throws(SystemCallError) in
                    try FileSystem.removeFile("/proc/none")
                }
            }
            #expect(error?.reason == .noSuchFileOrDirectory)
            #expect(try identity() == own)
        }
    }
}

private func identity() throws(SystemCallError) -> UInt64 {
    try Namespaces.network.current().status().inode
}
