import Linux
import Rootless
import SystemPackage
import Testing

@testable import Doctor

@Suite struct ExaminationTests {
    @Test(
        arguments: [(10 << 30, .ok), (500 << 20, .warning), (1 << 20, .problem), (0, .problem)]
            as [(UInt64, Finding.Status)]
    )
    func `little free space is reported`(bytes: UInt64, status: Finding.Status) {
        let finding = Examination.space(bytes, at: "/data")
        #expect(finding.status == status)
        #expect(finding.remedies.isEmpty == (status == .ok))
    }

    @Test(
        arguments: [(nil, .ok), (1_000_000, .ok), (5_000, .warning), (3, .problem)]
            as [(UInt64?, Finding.Status)]
    )
    func `few free inodes are reported`(count: UInt64?, status: Finding.Status) {
        #expect(Examination.files(count, at: "/data").status == status)
    }

    @Test func `the nearest directory that exists is checked`() {
        #expect(Examination(user: nil, data: "/usr/missing/deeper").nearestDirectory == "/usr")
        #expect(Examination(user: nil, data: "/missing").nearestDirectory == "/")
    }
}
