import Linux
import SystemPackage
import Testing

@Suite(.enabled(if: mayMakeNamespaces, "needs root to make network namespaces"))
struct NFTablesTests {
    @Test func `rules are created in the namespace of the context`() throws {
        let filter = try inNewNamespace()
        try filter.run("add table inet test\nadd set inet test names { type ifname; }")
        try filter.run("add element inet test names { eth0 }")
        #expect(try filter.run("list table inet test").contains("\"eth0\""))
        #expect(try NFTables().run("list tables").contains("inet test") == false)
    }

    @Test func `an invalid script changes nothing`() throws {
        let filter = try inNewNamespace()
        let error = #expect(throws: SystemCallError.self) {
            try filter.run("add table inet test\nadd rule inet test absent accept")
        }
        #expect(error?.reason == .noSuchFileOrDirectory)
        #expect(try filter.run("list tables") == "")
    }

    @Test func `a context is usable while more descriptors are open than select takes`() throws {
        // Reserves a low descriptor, as a supervisor's first container does.
        _ = try inNewNamespace()
        let (soft, hard) = try ResourceLimit.nofile.get()
        if soft < 4096 { try ResourceLimit.nofile.set(soft: min(hard, 4096), hard: hard) }
        let open = DescriptorList()
        for _ in 0..<1100 { open.append(try Descriptor.open("/dev/null")) }
        #expect(open.numbers.contains { $0 > 1024 })
        let filter = try inNewNamespace()
        try filter.run("add table inet test")
        #expect(try filter.run("list tables").contains("inet test"))
    }

    private func inNewNamespace() throws -> NFTables {
        try NetworkNamespace.inside(try NetworkNamespace.make(), NFTables.init)
    }
}
