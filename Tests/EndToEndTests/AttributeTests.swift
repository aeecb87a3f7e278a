import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Every attribute with an effect at run time, as the process in the container sees it.
    @Suite struct AttributeTests {
        @Test func `a process has the attributes of its service`() throws {
            try needPeople()
            let wishes = Self.process + Self.identity + Self.privileges + Self.files
            try withProject(files(wishes)) { project in
                let outcome = try project.attempt(["up", "--no-color"])
                #expect(outcome.status == 0, "\(outcome)")
                let log = try project.compose("logs", "--no-color")
                for wish in wishes { expect(wish, in: log) }
            }
        }

        @Test func `a process has the limits of its service`() throws {
            try needPeople()
            let wishes = Self.limits
            try withProject(files(wishes)) { project in
                let outcome = try project.attempt(["up", "--no-color"])
                #expect(outcome.status == 0, "\(outcome)")
                let log = try project.compose("logs", "--no-color")
                for wish in wishes { expect(wish, in: log) }
            }
        }

        @Test func `namespaces are the container's own, the host's or another container's`() throws
        {
            try withNamespaces { project in
                let log = try project.compose("logs", "--no-color")
                let host = try Self.namespaces.map {
                    "\($0) \(try FileSystem.readSymbolicLink(FilePath("/proc/self/ns/\($0)")))"
                }
                let own = Set(lines(of: "own", in: log)).intersection(host)
                #expect(own.map { $0.prefix(4) } == ["user"])
                #expect(
                    lines(of: "hostly", in: log).filter { !$0.hasPrefix("mnt") }
                        == host.filter { !$0.hasPrefix("mnt") }
                )
                let shared = Set(lines(of: "guest", in: log))
                    .intersection(lines(of: "owner", in: log))
                #expect(Set(shared.map { $0.prefix(3) }) == ["pid", "ipc", "net", "use"])
                #expect(lines(of: "owner", in: log).last == "owner")
            }
        }

        @Test func `a guest sees its owner's shared memory and processes`() throws {
            try withNamespaces { project in
                let log = try project.compose("logs", "--no-color")
                #expect(lines(of: "memory", in: log) == ["words", "init", "cat"])
            }
        }

        @Test func `a guest joins the namespaces of its restarted owner`() throws {
            try withNamespaces { project in
                try project.compose("restart", "owner")
                try project.compose("up", "--detach")
                let log = try project.compose("logs", "--no-color")
                let (guest, owner) = (lines(of: "guest", in: log), lines(of: "owner", in: log))
                try #require(owner.count == 2 * (Self.namespaces.count + 1))
                try #require(guest.count >= 2 * Self.namespaces.count)
                let network = try #require(guest.last { $0.hasPrefix("net") })
                // If a guest still used the first namespace, the kernel could not have reused its
                // number.
                #expect(owner.suffix(Self.namespaces.count + 1).contains(network))
            }
        }

        @Test func `a guest joins its owner's namespaces under a new supervisor`() throws {
            try withNamespaces { project in
                try project.killSupervisor()
                try project.compose("up", "--detach")
                let log = try project.compose("logs", "--no-color")
                let (guest, owner) = (lines(of: "guest", in: log), lines(of: "owner", in: log))
                try #require(owner.count == Self.namespaces.count + 1)
                try #require(guest.count == 2 * Self.namespaces.count)
                let shared = Set(guest.suffix(Self.namespaces.count)).intersection(owner)
                #expect(Set(shared.map { $0.prefix(3) }) == ["pid", "ipc", "net", "use"])
                #expect(lines(of: "memory", in: log).suffix(3) == ["words", "init", "cat"])
            }
        }

        private static let namespaces = ["pid", "ipc", "uts", "cgroup", "net", "mnt", "user"]

        /// Calls `body` with a project whose containers have printed their namespaces: `own` has its
        /// own, `hostly` the host's, `guest` and `memory` those of `owner`.
        private func withNamespaces(_ body: (ScratchProject) throws -> Void) throws {
            try needPeople()
            let report =
                "for kind in \(Self.namespaces.joined(separator: " ")); do "
                + "echo $kind $(readlink /proc/self/ns/$kind); done"
            let reporters: [(name: String, attributes: String)] = [
                ("own", ""),
                ("hostly", "pid: host\nipc: host\nuts: host\ncgroup: host\nnetwork_mode: host"),
                ("guest", "pid: service:owner\nipc: service:owner\nnetwork_mode: service:owner"),
            ]
            var wishes = reporters.map { Wish($0.name, $0.attributes, report) }
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
                "\(report); hostname; echo words > /dev/shm/left; exec sleep 600"
            )
            let conditions = wishes.map {
                "\($0.name): {condition: service_completed_successfully}"
            }
            let last = Wish(
                "last",
                "depends_on: {\(conditions.joined(separator: ", "))}",
                "echo all have exited"
            )
            try withProject(files(wishes + [owner, last])) { project in
                try project.compose("up", "--detach", "--wait", "owner")
                try project.compose("up", "--detach")
                try body(project)
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

        /// The output of the first container of a service.
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

        /// Allows every call except those that create directories.
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
