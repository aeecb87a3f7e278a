import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

/// The same bundle run by crun, where it is installed: the program must see the same environment.
@Suite(
    .enabled(if: Machine.canRunContainers, Machine.reason),
    .enabled(if: FileSystem.exists("/usr/bin/crun"), "needs crun to compare with")
)
struct OtherRuntimeTests {
    /// Prints the environment as a program sees it.
    private static let script = """
        echo "$$ $(pwd) $(hostname) $(id -u):$(id -g)"
        grep -E '^(Cap|NoNewPrivs|Seccomp:|SigBlk|Groups)' /proc/self/status
        env | grep -vE '^(_|SHLVL|OLDPWD)=' | sort
        ulimit -n; umask
        stat -c '%n %F %a %u %g' /dev/* /dev/pts/ptmx /tmp-volume | grep -vE '/dev/(console|core)'
        cut -d' ' -f5,6 /proc/self/mountinfo | sed 's/,.*//' | grep -vE ' cgroup|/sys/fs/cgroup' | sort
        for path in /proc/keys /proc/timer_list; do test -e $path && head -c 9 $path | wc -c; done
        ls -d /sys/firmware/*
        echo x > /proc/sys/kernel/domainname
        for fd in /proc/self/fd/*; do test $fd -ef /proc/self/fd/0 && echo same; done | wc -l
        cat /proc/sys/net/ipv4/ip_unprivileged_port_start
        exit 3
        """

    @Test func `a program sees the same environment under crun`() throws {
        try ContainerFixture.with { container in
            try prepare(container)
            let ours = try container.run()
            let theirs = try runWithCrun(container)
            #expect(ours.status == theirs.status, "\(ours.error)\(theirs.error)")
            // In crun the default root has no supplementary groups, here those of the image.
            let (here, there) = (lines(ours.output), lines(theirs.output))
            #expect(
                here.filter { !$0.hasPrefix("Groups") } == there.filter { !$0.hasPrefix("Groups") }
            )
        }
    }

    private func prepare(_ container: ContainerFixture) throws {
        let volume = container.directory.appending("volume")
        try FileSystem.makeDirectory(volume)
        container.specification.arguments = ["sh", "-c", Self.script]
        container.specification.environment = ["PATH=/bin:/usr/bin", "HOME=/root", "COLOUR=blue"]
        container.specification.hostName = "same"
        container.specification.workingDirectory = "/bin"
        container.specification.noNewPrivileges = true
        container.specification.resourceLimits = [
            .init(type: "RLIMIT_NOFILE", soft: 512, hard: 1_024)
        ]
        container.specification.mounts = [
            .init(
                destination: "/tmp-volume",
                type: "bind",
                source: volume.string,
                options: ["rbind", "ro", "rprivate"]
            )
        ]
    }

    /// Runs the image itself, since crun mounts no overlay.
    private func runWithCrun(_ container: ContainerFixture) throws -> ContainerFixture.Outcome {
        var specification = try container.specification.specification()
        specification.root = .init(path: container.image.string)
        specification.extensions.overlay = nil
        withoutCgroups(&specification)
        try Bundle(directory: container.directory, specification: specification).write()
        return try runWithCrun(container.directory, after: "", in: container.directory)
    }

    private func runWithCrun(
        _ bundle: FilePath,
        after preparation: String,
        in directory: FilePath
    ) throws -> ContainerFixture.Outcome {
        let name = directory.lastComponent?.string ?? "test"
        // crun does not start where the version 2 tree has controllers, so the tree is hidden.
        let hide = "umount -l /sys/fs/cgroup/unified 2> /dev/null; \(preparation)exec crun \"$@\""
        return try ContainerFixture.run(
            ["--mount", "sh", "-c", hide, "crun", "--cgroup-manager=disabled", "--root"]
                + [directory.appending("crun").string, "run", "--bundle", bundle.string, name],
            in: directory,
            program: "/usr/bin/unshare"
        )
    }

    /// A service with many attributes.
    private static let project = """
        services:
          web:
            image: test/plain
            command:
              - sh
              - -c
              - |
        \(script.replacing("$", with: "$$").split(separator: "\n").map { "        \($0)" }
            .joined(separator: "\n"))
            network_mode: none
            user: app
            group_add: [staff]
            hostname: same
            domainname: example.org
            working_dir: /bin
            environment: {PATH: /bin, HOME: /root, COLOUR: blue}
            cap_drop: [NET_RAW]
            cap_add: [SYS_NICE]
            security_opt: [no-new-privileges:true]
            sysctls: {net.core.somaxconn: 77}
            ulimits: {nofile: {soft: 512, hard: 1024}, core: 0}
            oom_score_adj: 100
            shm_size: 1m
            read_only: true
            tmpfs: ["/scratch:size=1m,mode=0711"]
            devices: ["/dev/null:/dev/nothing:rw"]
            volumes: ["data:/tmp-volume:ro", "./here:/here"]
            configs: [{source: greeting, target: /greeting, mode: 0440, gid: "50"}]
            annotations: {org.example.note: kept}
        volumes:
          data: {}
        configs:
          greeting: {content: hello}
        """

    @Test func `crun runs the bundle of a service`() throws {
        try ContainerFixture.with { container in
            let bundle = try created(Self.project, in: container)
            let arguments = ["runtime", "run", bundle.directory.string]
            let ours = try ContainerFixture.run(arguments, in: container.directory)
            let theirs = try runWithCrun(bundle, in: container.directory)
            #expect(ours.status == 3, "\(ours)")
            #expect(ours.status == theirs.status, "\(theirs)")
            // crun changes the owner of /dev/null to the user, since it is a standard stream.
            let (here, there) = (lines(ours.output), lines(theirs.output))
            #expect(
                here.filter { !$0.hasPrefix("/dev/null") }
                    == there.filter { !$0.hasPrefix("/dev/null") }
            )
            #expect(ours.output.contains("Groups:\t50 1000"), "\(ours)")
        }
    }

    /// Returns the only container of a project that was created and not started.
    private func created(_ project: String, in container: ContainerFixture) throws -> Bundle {
        let root = container.directory.appending("root")
        let image = container.image
        try AtomicFile.write(Array(project.utf8), to: container.directory.appending("compose.yaml"))
        try AtomicFile.write(
            Array("FROM scratch\nCOPY . /\n".utf8),
            to: image.appending("Dockerfile")
        )
        let program = try #require(Machine.program)
        for command in [
            ["image", "build", "-t", "test/plain", image.string],
            ["-f", container.directory.appending("compose.yaml").string, "-p", "same", "create"],
        ] {
            let outcome = try ContainerFixture.run(
                ["SWIFTCOMPOSE_ROOT=\(root)", program.string] + command,
                in: container.directory,
                program: "/usr/bin/env"
            )
            try #require(outcome.status == 0, "\(command): \(outcome)")
        }
        let containers = root.appending("lib/projects/same/containers")
        let id = try #require(try FileSystem.entries(of: containers).first)
        return try Bundle(reading: containers.appending(id))
    }

    /// Mounts the overlay first, since crun mounts none.
    private func runWithCrun(
        _ bundle: Bundle,
        in directory: FilePath
    ) throws -> ContainerFixture.Outcome {
        var specification = bundle.specification
        let overlay = try #require(specification.extensions.overlay)
        let (upper, work) = (try #require(overlay.upper), try #require(overlay.work))
        let lower = overlay.lower.map(\.string).joined(separator: ":")
        withoutCgroups(&specification)
        try Bundle(directory: bundle.directory, specification: specification).write()
        let mount =
            "mount -t overlay overlay -o lowerdir=\(lower),upperdir=\(upper),workdir=\(work) "
            + bundle.directory.appending("rootfs").string
        return try runWithCrun(bundle.directory, after: mount + " && ", in: directory)
    }

    /// Removes control groups, since crun refuses machines with both versions.
    private func withoutCgroups(_ specification: inout RuntimeSpecification) {
        specification.mounts?.removeAll { $0.type == "cgroup" }
        specification.linux?.namespaces?.removeAll { $0.type == .cgroup }
        specification.linux?.resources = nil
        specification.linux?.cgroupsPath = nil
    }

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }
}
