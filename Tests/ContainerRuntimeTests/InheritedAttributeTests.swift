import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

/// The attributes of processes that a caller could pass on through fork(2) and execve(2).
@Suite(
    .enabled(if: Machine.canRunContainers, Machine.reason),
    .enabled(
        if: ["taskset", "setarch", "chrt", "ionice"].allSatisfy {
            FileSystem.exists(FilePath("/usr/bin/\($0)"))
        },
        "needs taskset, setarch, chrt and ionice of util-linux"
    )
)
struct InheritedAttributeTests {
    private static let report = """
        cat /proc/self/oom_score_adj; cut -d' ' -f19,41 /proc/self/stat
        sed 's/  */ /g' /proc/self/limits; cat /proc/self/personality; umask
        grep -E '^(Cpus_allowed_list|Sig(Ign|Blk))' /proc/self/status
        """

    /// Sets unusual attributes, then runs the program.
    ///
    /// Only soft limits, which can be raised again without CAP_SYS_RESOURCE.
    private static let caller = """
        ulimit -Sn 777; ulimit -Ss 4096; ulimit -Sp 5000; ulimit -Sf 100000; umask 077
        echo 500 > /proc/self/oom_score_adj; trap '' HUP
        exec taskset -c 0 setarch -R chrt --batch 0 ionice -c 3 nice -n 5 "$@"
        """

    @Test func `attributes of a process never depend on the caller`() throws {
        try ContainerFixture.with { container in
            container.specification.arguments = ["sh", "-c", Self.report]
            try container.writeBundle()
            let program = try #require(Machine.program).string
            let arguments = [program, "runtime", "run", container.directory.string]
            let plain = try ContainerFixture.run(
                Array(arguments.dropFirst()),
                in: container.directory
            )
            let unusual = try ContainerFixture.run(
                ["-c", Self.caller, "sh"] + arguments,
                in: container.directory,
                program: "/bin/sh"
            )
            #expect(plain.status == 0 && unusual.status == 0, "\(plain) \(unusual)")
            #expect(plain.output == unusual.output)
            let lines = plain.output.split(separator: "\n").map(String.init)
            // The OOM score, then niceness and scheduling policy.
            #expect(lines.prefix(2) == ["0", "0 0"], "\(plain)")
            // Without CAP_SYS_RESOURCE the tests' own limit is the highest.
            let files = min(1_048_576, try ResourceLimit.nofile.get().hard)
            #expect(lines.contains { $0.hasPrefix("Max open files \(files) ") }, "\(plain)")
            #expect(lines.contains("Max stack size 8388608 unlimited bytes "))
        }
    }
}
