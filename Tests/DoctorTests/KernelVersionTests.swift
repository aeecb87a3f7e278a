import Testing

@testable import Doctor

@Suite struct KernelVersionTests {
    @Test(arguments: [
        ("6.1.0-18-amd64", "6.1"), ("5.10.0", "5.10"), ("6.18.44-fc-v669", "6.18"),
        ("6.9-rc3", "6.9"),
    ])
    func `the first two numbers of a release are its version`(release: String, version: String) {
        #expect(KernelVersion(parsing: release)?.description == version)
    }

    @Test(arguments: ["", "6", "x.y", "6."])
    func `a release without two numbers has no version`(release: String) {
        #expect(KernelVersion(parsing: release) == nil)
    }

    @Test func `versions are compared by number`() {
        let old = KernelVersion(major: 5, minor: 9)
        #expect(old < KernelVersion(major: 5, minor: 10))
        #expect(KernelVersion(major: 4, minor: 19) < old)
    }
}
