import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

/// The same bundle run by crun, where it is installed: what the program sees must be the same.
@Suite(
    .enabled(if: Machine.canRunContainers, Machine.reason),
    .enabled(if: FileSystem.exists("/usr/bin/crun"), "needs crun to compare with")
)
struct OtherRuntimeTests {
    /// What a program can find out about itself and its surroundings.
    private static let script = """
        echo "$$ $(pwd) $(hostname) $(id)"
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

    @Test func `a program sees the same under crun`() throws {
        try ContainerFixture.with { container in
            try prepare(container)
            let ours = try container.run()
            let theirs = try runWithCrun(container)
            #expect(ours.status == theirs.status, "\(ours.error)\(theirs.error)")
            #expect(lines(ours.output) == lines(theirs.output))
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

    /// crun mounts no overlay, so it is given the image itself; and as it refuses machines with
    /// control groups of both versions, it is not asked for any.
    private func runWithCrun(_ container: ContainerFixture) throws -> ContainerFixture.Outcome {
        var specification = try container.specification.specification()
        specification.root = .init(path: container.image.string)
        specification.extensions.overlay = nil
        specification.mounts?.removeAll { $0.type == "cgroup" }
        specification.linux?.namespaces?.removeAll { $0.type == .cgroup }
        specification.linux?.resources = nil
        specification.linux?.cgroupsPath = nil
        try Bundle(directory: container.directory, specification: specification).write()
        let name = container.directory.lastComponent?.string ?? "test"
        // Nor does it start at all where the version 2 tree has controllers, so it sees none.
        let hide = "umount -l /sys/fs/cgroup/unified 2> /dev/null; exec crun \"$@\""
        return try ContainerFixture.run(
            ["--mount", "sh", "-c", hide, "crun", "--cgroup-manager=disabled", "--root"]
                + [container.directory.appending("crun").string, "run", "--bundle"]
                + [container.directory.string, name],
            in: container.directory,
            program: "/usr/bin/unshare"
        )
    }

    private func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init)
    }
}
