import ComposeFile
import Testing

@testable import Conversion

struct SystemdTests {
    @Test func `the units start the project with the same files, variables and profiles`() throws {
        var project = try Fixture.project(["compose.yaml": "services: {a: {image: a}}"])
        project.profiles = ["debug"]
        let invocation = SystemdConverter.Invocation(
            program: "/usr/bin/swiftcompose",
            envFiles: ["/work/a.env"],
            services: ["a"],
            variables: ["SWIFTCOMPOSE_ROOT": "/srv/my root"]
        )
        let conversion = try SystemdConverter.convert(project, by: invocation)
        #expect(conversion.files.count == 2)
        let command =
            "/usr/bin/swiftcompose --project-name demo --project-directory /work "
            + "--file /work/compose.yaml --env-file /work/a.env --profile debug"
        #expect(
            conversion.text("system/swiftcompose-demo.service") == """
                [Unit]
                Description=Compose project demo
                RequiresMountsFor=/work
                Wants=network-online.target
                After=network-online.target

                [Service]
                # The containers outlive the command that starts them.
                Type=oneshot
                RemainAfterExit=yes
                Environment="SWIFTCOMPOSE_ROOT=/srv/my root"
                ExecStart=\(command) up --detach --remove-orphans a
                ExecReload=\(command) up --detach --remove-orphans a
                ExecStop=\(command) stop a
                # Images may have to be pulled or built first.
                TimeoutStartSec=infinity
                # 'stop' kills each container after its own stop_grace_period.
                TimeoutStopSec=infinity
                # The containers have control groups of their own.
                Delegate=yes

                [Install]
                WantedBy=multi-user.target

                """
        )
        let user = conversion.text("user/swiftcompose-demo.service")
        #expect(user.contains("WantedBy=default.target\n"))
        #expect(!user.contains("network-online"))
    }

    @Test func `every attribute is carried over, extension fields too`() throws {
        let text = "x-note: 1\nservices: {a: {image: a, x-team: b}}\nnetworks: {default: {}}"
        let project = try Fixture.project(["compose.yaml": text])
        let report = try SystemdConverter.convert(project, by: .init(program: "/s")).report
        #expect(report.missing.isEmpty)
        #expect(report.entries.map(\.name).contains("x-note"))
    }

    @Test(arguments: [
        (["a", "b c"], "a \"b c\""), (["100%"], "100%%"), (["$HOME"], "$$HOME"),
        (["say \"x\""], "\"say \\\"x\\\"\""), ([""], "\"\""), ([";"], "\";\""),
    ])
    func `nothing in a command line is expanded`(words: [String], line: String) {
        #expect(SystemdConverter.line(words) == line)
    }

    @Test func `a project from standard input is rejected`() throws {
        var project = try Fixture.project(["compose.yaml": "services: {a: {image: a}}"])
        project.composeFiles = ["-"]
        #expect(throws: ConversionError.self) {
            try SystemdConverter.convert(project, by: .init(program: "/usr/bin/swiftcompose"))
        }
    }
}
