import Linux
import OCI
import SystemPackage
import Testing

@testable import ContainerRuntime

struct DefaultSpecificationTests {
    private func capabilities(add: [String] = [], drop: [String] = []) throws -> [String] {
        var description = DefaultSpecification(arguments: ["x"], cgroupPath: "/x")
        description.addedCapabilities = add
        description.droppedCapabilities = drop
        return try description.capabilities()
    }

    @Test func `capabilities are added to and dropped from the default fourteen`() throws {
        #expect(try capabilities().count == 14)
        #expect(try capabilities(add: ["net_admin"]).contains("CAP_NET_ADMIN"))
        #expect(try !capabilities(drop: ["CAP_CHOWN"]).contains("CAP_CHOWN"))
        #expect(try capabilities(drop: ["ALL"]).isEmpty)
        #expect(try capabilities(add: ["CHOWN"], drop: ["ALL"]) == ["CAP_CHOWN"])
        #expect(try capabilities(add: ["ALL"]).count == 41)
        #expect(try capabilities(add: ["ALL"], drop: ["SYS_ADMIN"]).count == 40)
    }

    @Test func `an unknown capability is named in the error`() {
        let error = #expect(throws: RuntimeError.self) { try capabilities(add: ["FLY"]) }
        #expect(error?.description.contains("'FLY'") == true)
    }

    @Test(arguments: [
        "kernel.panic", "vm.swappiness", "kernel.hostname.x", "net/../kernel/panic",
        "net.//.kernel.panic", "kernel/shm/../panic", "kernel/shm/../../vm/swappiness",
        "fs/mqueue/../file-max", "net", "net/", "", "kernel.sem.x", "fs.mqueue",
    ])
    func `a kernel parameter of the host is rejected`(name: String) {
        var description = DefaultSpecification(arguments: ["x"], cgroupPath: "/x")
        description.sysctls = [name: "1"]
        let error = #expect(throws: RuntimeError.self) { try description.specification() }
        #expect(error?.description.contains("sysctl") == true, "\(error as Any)")
    }

    @Test func `a parameter of a bundle has no path outside its directory`() {
        let parameters = RootFilesystem.KernelParameter.all([
            "net/../kernel/panic": "7", "net.core.somaxconn": "1",
        ])
        #expect(parameters.map(\.path) == ["sys/net/core/somaxconn", nil])
    }

    @Test func `network parameters are rejected with the host's network`() {
        var description = DefaultSpecification(arguments: ["x"], cgroupPath: "/x")
        description.sysctls = ["net.ipv4.ip_forward": "1"]
        #expect(throws: Never.self) { try description.specification() }
        description.networkNamespace = .host
        let error = #expect(throws: RuntimeError.self) { try description.specification() }
        #expect(error?.description.contains("net.ipv4.ip_forward") == true, "\(error as Any)")
    }

    @Test(arguments: [
        (
            "c 1:3 mr",
            RuntimeSpecification.DeviceRule(
                allow: true,
                type: "c",
                major: 1,
                minor: 3,
                access: "mr"
            )
        ),
        ("b 8:* rwm", .init(allow: true, type: "b", major: 8, access: "rwm")),
        ("a *:* r", .init(allow: true, type: "a", access: "r")),
    ])
    func `a device rule is parsed`(
        text: String,
        rule: RuntimeSpecification.DeviceRule
    ) throws {
        #expect(try DefaultSpecification.rule(text) == rule)
    }

    @Test(arguments: ["", "c 1:3", "x 1:3 r", "c 1 r", "c 1:3 q", "c -1:3 r"])
    func `an invalid device rule is rejected`(text: String) {
        let error = #expect(throws: RuntimeError.self) { try DefaultSpecification.rule(text) }
        #expect(error?.description.contains("device") == true, "\(error as Any)")
    }

    @Test func `extensions are stored as annotations`() throws {
        var description = DefaultSpecification(arguments: ["x"], cgroupPath: "/x")
        description.overlay = .init(lower: ["/a", "/b:c"], upper: "/u", work: "/w")
        description.user = "app:staff"
        description.groups = ["1", "audio"]
        description.usesInit = true
        let extensions = try description.specification().extensions
        #expect(extensions.overlay == description.overlay)
        #expect(extensions.user == "app:staff" && extensions.groups == ["1", "audio"])
        #expect(extensions.usesInit)
    }
}
