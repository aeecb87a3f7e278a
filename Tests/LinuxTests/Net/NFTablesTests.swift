import Linux
import SystemPackage
import Testing

@Suite(.enabled(if: mayMakeNamespaces, "needs root to make network namespaces"))
struct NFTablesTests {
    @Test func `rules are created in the calling thread's namespace`() throws {
        try inNewNamespace { () throws(SystemCallError) in
            try NFTables.run("add table inet test\nadd set inet test names { type ifname; }")
            try NFTables.run("add element inet test names { eth0 }")
            #expect(try NFTables.run("list table inet test").contains("\"eth0\""))
        }
        #expect(try NFTables.run("list tables").contains("inet test") == false)
    }

    @Test func `an invalid script changes nothing`() throws {
        try inNewNamespace { () throws(SystemCallError) in
            let error = #expect(throws: SystemCallError.self) {
                try NFTables.run("add table inet test\nadd rule inet test absent accept")
            }
            #expect(error?.reason == .noSuchFileOrDirectory)
            #expect(try NFTables.run("list tables") == "")
        }
    }

    @Test func `scripts run while every descriptor that select takes is in use`() throws {
        let (soft, hard) = try ResourceLimit.nofile.get()
        if soft < 4096 { try ResourceLimit.nofile.set(soft: min(hard, 4096), hard: hard) }
        let open = DescriptorList()
        for _ in 0..<1100 { open.append(try Descriptor.open("/dev/null")) }
        #expect(open.numbers.contains { $0 > 1024 })
        try inNewNamespace { () throws(SystemCallError) in
            try NFTables.run("add table inet test")
            #expect(try NFTables.run("list tables").contains("inet test"))
        }
    }

    private func inNewNamespace(_ body: () throws(SystemCallError) -> Void) throws {
        try NetworkNamespace.inside(try NetworkNamespace.make(), body)
    }
}
