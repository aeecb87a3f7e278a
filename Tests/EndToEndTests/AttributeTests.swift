import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Every attribute with a meaning at run time, asked of the process in the container.
    @Suite struct AttributeTests {
        @Test func `what the file asks for is what the process finds`() throws {
            try needPeople()
            let wishes = Self.process + Self.identity + Self.privileges + Self.files
            try withProject(files(wishes)) { project in
                let outcome = try project.attempt(["up", "--no-color"])
                #expect(outcome.status == 0, "\(outcome)")
                let log = try project.compose("logs", "--no-color")
                for wish in wishes { expect(wish, in: log) }
            }
        }

        @Test func `limits are those of the control group`() throws {
            try needPeople()
            let wishes = Self.limits
            try withProject(files(wishes)) { project in
                let outcome = try project.attempt(["up", "--no-color"])
                #expect(outcome.status == 0, "\(outcome)")
                let log = try project.compose("logs", "--no-color")
                for wish in wishes { expect(wish, in: log) }
            }
        }

        @Test func `namespaces are those of the host or of another container`() throws {
            try needPeople()
            let kinds = ["pid", "ipc", "uts", "cgroup", "net", "mnt", "user"]
            let tell =
                "for kind in \(kinds.joined(separator: " ")); do "
                + "echo $kind $(readlink /proc/self/ns/$kind); done"
            let asking: [(name: String, attributes: String)] = [
                ("own", ""),
                ("hostly", "pid: host\nipc: host\nuts: host\ncgroup: host\nnetwork_mode: host"),
                ("guest", "pid: service:owner\nipc: service:owner\nnetwork_mode: service:owner"),
            ]
            var wishes = asking.map { Wish($0.name, $0.attributes, tell) }
            wishes.append(
                Wish(
                    "memory",
                    "ipc: service:owner\npid: service:owner",
                    "cat /dev/shm/left; cat /proc/1/comm; cat /proc/self/comm"
                )
            )
            let owner = Wish(
                "owner",
                "ipc: shareable\nhostname: owner\nnetworks: [default]\ninit: true",
                "\(tell); hostname; echo words > /dev/shm/left; exec sleep 600"
            )
            let ends = asking.map { "\($0.name): {condition: service_completed_successfully}" }
            let all = Wish(
                "all",
                "depends_on: {\(ends.joined(separator: ", ")), "
                    + "memory: {condition: service_completed_successfully}}",
                "echo all have ended"
            )
            try withProject(files(wishes + [owner, all])) { project in
                try project.compose("up", "--detach", "--wait", "owner")
                try project.compose("up", "--detach")
                let log = try project.compose("logs", "--no-color")
                let host = try kinds.map {
                    "\($0) \(try FileSystem.readSymbolicLink(FilePath("/proc/self/ns/\($0)")))"
                }
                var told = { (name: String) in lines(of: name, in: log) }
                #expect(Set(told("own")).intersection(host).map { $0.prefix(4) } == ["user"])
                #expect(
                    told("hostly").filter { !$0.hasPrefix("mnt") }
                        == host.filter { !$0.hasPrefix("mnt") }
                )
                let shared = Set(told("guest")).intersection(told("owner")).map { $0.prefix(3) }
                #expect(Set(shared) == ["pid", "ipc", "net", "use"])
                #expect(told("memory") == ["words", "init", "cat"])
                #expect(told("owner").last == "owner")
                // Whoever shares a network is called as its owner, and starts again with it.
                try project.compose("restart", "owner")
                try project.compose("up", "--detach")
                let later = try project.compose("logs", "--no-color")
                told = { (name: String) in lines(of: name, in: later) }
                let again = told("guest")
                #expect(again.count >= 2 * kinds.count)
                let renewed = Set(told("owner").suffix(kinds.count + 1))
                #expect(told("owner").count == 2 * (kinds.count + 1))
                #expect(renewed.contains(again.last { $0.hasPrefix("net") } ?? ""))
                // A supervisor that has not started the owner knows its namespaces as well.
                try project.killSupervisor()
                try project.compose("up", "--detach")
                let last = try project.compose("logs", "--no-color")
                #expect(lines(of: "memory", in: last).suffix(3) == ["words", "init", "cat"])
                let shares = lines(of: "guest", in: last).suffix(kinds.count)
                #expect(renewed.intersection(shares).map { $0.prefix(3) }.contains("net"))
                #expect(lines(of: "owner", in: last).count == 2 * (kinds.count + 1))
            }
        }

        private func files(_ wishes: [Wish]) -> [String: String] {
            let text = """
                services:
                \(wishes.map(\.service).joined())
                volumes:
                  filled: {}
                  empty: {}
                  parts: {}
                  memory: {driver_opts: {type: tmpfs, device: tmpfs, o: "size=2m,mode=0700"}}
                configs:
                  greeting: {content: "hello"}
                  file: {file: ./greeting.txt}
                secrets:
                  key: {file: ./key.txt}
                  token: {environment: TOKEN}
                """
            return [
                "compose.yaml": text, ".env": "TOKEN=s3cret\n", "greeting.txt": "from a file",
                "key.txt": "key", "labels.env": "from.file=yes\n",
                "variables.env": "COLOUR=red\nSHAPE=round\n",
                "tree/deep/leaf": "leaf", "seccomp.json": Self.profile,
            ]
        }

        private func expect(_ wish: Wish, in log: String) {
            let lines = lines(of: wish.name, in: log)
            #expect(lines == wish.expected, "\(wish.name): \(wish.attributes)")
        }

        /// What the first container of a service has said.
        private func lines(of service: String, in log: String) -> [String] {
            log.split(whereSeparator: \.isNewline).compactMap { line in
                let parts = line.split(separator: "|", maxSplits: 1)
                guard parts.count == 2,
                    parts[0].trimmingPrefix(while: { $0 == " " }).prefix(while: { $0 != " " })
                        == "\(service)-1"
                else { return nil }
                return String(parts[1].dropFirst())
            }
        }

        /// Lets everything through but making directories.
        private static let profile = """
            {"defaultAction": "SCMP_ACT_ALLOW", "archMap": [
              {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": ["SCMP_ARCH_X86"]},
              {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": []}],
             "syscalls": [
              {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 95},
              {"names": ["rmdir", "unlinkat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 95,
               "includes": {"minKernel": "99.0"}}]}
            """
    }
}

/// Makes the image `test/people`: two layers, users, groups and a directory with an owner.
private func needPeople() throws {
    try needBusyBox()
    let machine = try machine()
    if try !machine.run("image", "ls", "--quiet", "test/people").isEmpty { return }
    let context = machine.root.appending("people")
    try FileSystem.makeDirectories(context)
    let dockerfile = """
        FROM test/busybox
        COPY passwd group /etc/
        RUN mkdir -m 750 -p /data/inner /srv && echo image > /data/inner/file \
            && chown -R 1000:50 /data && chmod 755 /srv && ln -s /etc /data/out
        ENV FROM_IMAGE=yes COLOUR=blue

        """
    let passwd = "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n"
    let group = "root:x:0:\napp:x:1000:\nstaff:x:50:app\naudio:x:29:\nwheel:x:10:root\n"
    try AtomicFile.write(Array(dockerfile.utf8), to: context.appending("Dockerfile"))
    try AtomicFile.write(Array(passwd.utf8), to: context.appending("passwd"))
    try AtomicFile.write(Array(group.utf8), to: context.appending("group"))
    try machine.run("image", "build", "-t", "test/people", context.string)
}
