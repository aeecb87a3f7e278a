import SystemPackage
import Testing

extension EndToEnd {
    /// Volumes, images and names that projects share.
    @Suite struct SharingTests {
        @Test func `a volume is kept while another project's container mounts it`() throws {
            try needBusyBox()
            let volume = "shared-" + String(UInt32.random(in: .min ... .max), radix: 36)
            let service =
                "{image: test/busybox, command: sleep 1000, init: true, volumes: ['data:/d']}"
            let files = [
                "owner.yaml": "services: {a: \(service)}\nvolumes: {data: {name: \(volume)}}",
                "changed.yaml":
                    "services: {a: \(service)}\nvolumes: {data: {name: \(volume), labels: {x: y}}}",
                "user.yaml":
                    "services: {b: \(service)}\nvolumes: {data: {name: \(volume), external: true}}",
            ]
            try withProject(files) { project in
                let compose = { (file: String, name: String, command: [String]) in
                    try project.machine.attempt(
                        ["--project-name", name, "--file"]
                            + [project.directory.appending(file).string] + command
                    )
                }
                let (owner, user) = (project.name, project.name + "-user")
                try #require(try compose("owner.yaml", owner, ["up", "--detach"]).status == 0)
                try #require(try compose("user.yaml", user, ["up", "--detach"]).status == 0)
                let touch = ["exec", "-T", "b", "touch", "/d/precious"]
                try #require(try compose("user.yaml", user, touch).status == 0)
                let changed = try compose("changed.yaml", owner, ["up", "--detach", "--yes"])
                #expect(changed.status == 1)
                #expect(changed.errors.contains("remove \(volume): volume is in use"), "\(changed)")
                let down = try compose("owner.yaml", owner, ["down", "--volumes"])
                #expect(down.errors.contains("Resource is still in use"), "\(down)")
                let list = try compose("user.yaml", user, ["exec", "-T", "b", "ls", "/d"])
                #expect(list.output == "precious\n")
                // Stopped containers need their volumes too.
                try #require(
                    try compose("user.yaml", user, ["stop", "--timeout", "0"]).status == 0
                )
                try #require(try compose("owner.yaml", owner, ["up", "--detach"]).status == 0)
                _ = try compose("owner.yaml", owner, ["down", "--volumes"])
                let start = try compose("user.yaml", user, ["start"])
                #expect(start.status == 0, "\(start)")
                try #require(try compose("user.yaml", user, ["down"]).status == 0)
                try #require(try compose("owner.yaml", owner, ["up", "--detach"]).status == 0)
                let last = try compose("owner.yaml", owner, ["down", "--volumes"])
                #expect(last.errors.contains("Volume \(volume)  Removed"), "\(last)")
            }
        }

        @Test func `a container name belongs to one container of the host`() throws {
            try needBusyBox()
            let name = "same-" + String(UInt32.random(in: .min ... .max), radix: 36)
            let service =
                "{image: test/busybox, command: sleep 1000, init: true,"
                + " container_name: \(name)}"
            let files = [
                "compose.yaml": "services: {one: \(service)}",
                "two.yaml": "services: {one: \(service), two: \(service)}",
                "renamed.yaml": "services: {renamed: \(service)}",
            ]
            try withProject(files) { project in
                let attempt = { (file: String, name: String, command: [String]) in
                    try project.machine.attempt(
                        ["--project-name", name, "--file"]
                            + [project.directory.appending(file).string] + command
                    )
                }
                let up = ["up", "--detach"]
                let two = try attempt("two.yaml", project.name, up)
                #expect(two.status != 0 && two.errors.contains(name), "\(two)")
                let scaled = try attempt("compose.yaml", project.name, up + ["--scale", "one=3"])
                #expect(scaled.status != 0 && scaled.errors.contains("container_name"), "\(scaled)")
                try project.compose("up", "--detach")
                for (file, other) in [
                    ("compose.yaml", project.name + "-other"), ("renamed.yaml", project.name),
                ] {
                    let outcome = try attempt(file, other, up)
                    #expect(outcome.status == 1, "\(outcome)")
                    #expect(outcome.errors.contains("\"\(name)\" is already in use"), "\(outcome)")
                }
                let renamed = try attempt("renamed.yaml", project.name, up + ["--remove-orphans"])
                #expect(renamed.status == 0, "\(renamed)")
                let names = try project.compose("ps", "--all", "--format", "{{.Name}}")
                #expect(names == "\(name)\n")
            }
        }
    }
}
