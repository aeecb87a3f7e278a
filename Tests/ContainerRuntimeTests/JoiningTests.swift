import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

/// Attacks of a hostile container on processes that join it.
@Suite(
    .enabled(if: Machine.canRunContainers, Machine.reason),
    .enabled(if: FileSystem.exists("/usr/bin/perl"), "needs perl to inspect processes quickly")
)
struct JoiningTests {
    /// Inspects every process of the container in a loop, and reports what belongs to the host.
    private static let spy = """
        $| = 1; my $secret = shift; print "ready\\n";
        while (1) {
            opendir(my $processes, "/proc"); my @pids = grep {/^\\d+$/ && $_ > 1} readdir $processes;
            for my $pid (@pids) {
                next if $pid == $$;
                print "root\\n" if open(my $file, "<", "/proc/$pid/root$secret");
                if (open(my $maps, "<", "/proc/$pid/maps")) {
                    local $/; print "memory\\n" if (<$maps> // "") =~ /swift/;
                }
                if (open(my $variables, "<", "/proc/$pid/environ")) {
                    local $/; print "environment\\n" if (<$variables> // "") =~ /SWIFTCOMPOSE/;
                }
                for my $file (3..40) {
                    my $target = readlink("/proc/$pid/fd/$file") // next;
                    next if $target eq "/proc/1/cmdline";  # The joining script reads it.
                    print "descriptor $target\\n" if $target =~ /^\\/|pidfd|eventpoll|mnt:|net:/;
                }
                # PTRACE_ATTACH, then PTRACE_DETACH; what can be traced must be harmless.
                if (syscall(101, 16, $pid + 0, 0, 0) == 0) {
                    waitpid($pid, 0x40000000);
                    my $status = "";
                    if (open(my $file, "<", "/proc/$pid/status")) { local $/; $status = <$file>; }
                    print "capabilities $1\\n" if $status =~ /CapEff:\\s*(0000003f|000001ff)/;
                    syscall(101, 17, $pid + 0, 0, 0);
                    # The stop of PTRACE_ATTACH may still be pending if another one came first.
                    kill("CONT", $pid);
                }
            }
        }
        """

    @Test(.timeLimit(.minutes(2)))
    func `a container that may trace processes gets nothing of the host from execs`() throws {
        try ContainerFixture.with { container in
            let secret = container.directory.appending("secret")
            try AtomicFile.write(Array("secret".utf8), to: secret, mode: 0o600)
            try prepareSpy(in: container)
            let running = try RunningContainer(container, Self.spyCommand(secret))
            for _ in 0..<40 {
                let outcome = try running.exec(["true"])
                #expect(outcome.status == 0, "\(outcome)")
            }
            try running.cgroup.killAll()
            let found = String(decoding: try running.output.readToEnd(), as: UTF8.self)
            #expect(found.isEmpty)
            try running.stop()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a container that may trace processes gets nothing of the host from a joining one`() throws
    {
        try ContainerFixture.with { container in
            let secret = container.directory.appending("secret")
            try AtomicFile.write(Array("secret".utf8), to: secret, mode: 0o600)
            try prepareSpy(in: container)
            let running = try RunningContainer(container, Self.spyCommand(secret))
            let pid = try running.pid
            try ContainerFixture.with { joining in
                joining.specification.pidNamespace = .path("/proc/\(pid)/ns/pid")
                for _ in 0..<10 {
                    let outcome = try joining.run(
                        """
                        test $$ != 1 && cat /proc/1/cmdline | tr '\\0' ' ' | grep -o spy.pl
                        readlink /proc/self; echo $$; exit 3
                        """
                    )
                    let lines = outcome.output.split(separator: "\n")
                    #expect(outcome.status == 3 && lines.first == "spy.pl", "\(outcome)")
                    #expect(lines.count == 3, "\(outcome)")
                }
            }
            try running.cgroup.killAll()
            let found = String(decoding: try running.output.readToEnd(), as: UTF8.self)
            #expect(found.isEmpty)
            try running.stop()
        }
    }

    @Test func `a joining container reports why its program cannot be executed`() throws {
        try ContainerFixture.with { container in
            let running = try RunningContainer(container, "echo ready; sleep 99")
            let pid = try running.pid
            try ContainerFixture.with { joining in
                joining.specification.pidNamespace = .path("/proc/\(pid)/ns/pid")
                joining.specification.arguments = ["no-such-program"]
                let outcome = try joining.run()
                #expect(outcome.status == 127)
                #expect(outcome.error.contains("no-such-program"), "\(outcome)")
            }
            try running.stop()
        }
    }

    private func prepareSpy(in container: ContainerFixture) throws {
        try AtomicFile.write(
            Array(Self.spy.utf8),
            to: container.image.appending("spy.pl"),
            mode: 0o644
        )
        container.specification.addedCapabilities = ["SYS_PTRACE"]
        container.specification.mounts = [
            .init(destination: "/host", type: "bind", source: "/", options: ["bind", "ro"])
        ]
    }

    private static func spyCommand(_ secret: FilePath) -> String {
        "exec /host/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 --library-path "
            + "/host/lib/x86_64-linux-gnu:/host/usr/lib/x86_64-linux-gnu "
            + "/host/usr/bin/perl /spy.pl \(secret)"
    }
}
