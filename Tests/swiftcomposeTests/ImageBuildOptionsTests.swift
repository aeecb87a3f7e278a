import ArgumentParser
import ImageBuilder
import OCI
import SystemPackage
import Testing

@testable import swiftcompose

struct ImageBuildOptionsTests {
    private func request(_ arguments: String...) throws -> BuildRequest {
        try ImageBuildOptions.parse(arguments).request(in: Session(GlobalSettings()))
    }

    @Test func `options become a request`() throws {
        let request = try request(
            "-t",
            "demo/web:1",
            "--build-arg",
            "A=1=2",
            "--label",
            "empty",
            "--target",
            "test",
            "--network",
            "none",
            "--shm-size",
            "64m",
            "--ulimit",
            "nofile=10:20",
            "--allow",
            "security.insecure",
            "/src"
        )
        #expect(request.tags.map(\.familiar) == ["demo/web:1"])
        #expect(request.arguments == ["A": "1=2"])
        #expect(request.labels == ["empty": ""])
        #expect(request.target == "test")
        #expect(request.network == .none)
        #expect(request.sharedMemory == 64 << 20)
        #expect(request.limits.map(\.soft) == [10])
        #expect(request.limits.map(\.hard) == [20])
        #expect(request.entitlements == [.insecure])
        #expect(request.context == "/src")
    }

    @Test(
        arguments: [
            (["--build-context", "x"], "--build-context: 'x' is not NAME=DIRECTORY"),
            (["--secret", "src=x"], "--secret: 'src=x' has no id"),
            (["--network", "bridge"], "--network: 'bridge' is not default, none or host"),
            (["--add-host", "x"], "--add-host: 'x' is not NAME:ADDRESS"),
            (["--ulimit", "nofile"], "--ulimit: 'nofile' is not NAME=SOFT[:HARD]"),
        ] as [([String], String)]
    )
    func `an invalid option is reported with its value`(arguments: [String], report: String) throws
    {
        let options = try ImageBuildOptions.parse(arguments + ["."])
        let error = #expect(throws: ValidationError.self) {
            _ = try options.request(in: Session(GlobalSettings()))
        }
        #expect(error?.message.hasPrefix(report) == true, "\(error?.message ?? "none")")
    }
}
