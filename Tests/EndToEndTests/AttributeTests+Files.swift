import Linux
import SystemPackage

extension EndToEnd.AttributeTests {
    /// Attributes that affect the process's file system.
    static let files: [Wish] = [
        Wish(
            "sealed",
            "read_only: true\ntmpfs: [/scratch]\nvolumes: [/kept]",
            "touch /x 2> /dev/null || echo sealed; touch /scratch/x /kept/x /dev/shm/x && echo open; "
                + "(echo x > /etc/hosts) 2> /dev/null || echo hosts",
            "sealed",
            "open",
            "hosts"
        ),
        Wish(
            "scratch",
            "tmpfs: ['/scratch:size=1m,mode=0700,uid=1000,gid=50', '/run:exec', /srv]",
            "stat -c '%a %u %g' /scratch /srv; grep -E ' /(scratch|run) ' /proc/self/mountinfo "
                + "| cut -d' ' -f6 | cut -d, -f1-4; df -k /scratch | tail -n 1 | tr -s ' ' "
                + "| cut -d' ' -f2",
            "700 1000 50",
            "755 0 0",
            "rw,nosuid,nodev,relatime",
            "rw,nosuid,nodev,noexec",
            "1024"
        ),
        Wish(
            "shared",
            "shm_size: 8m",
            "df -k /dev/shm | tail -n 1 | tr -s ' ' | cut -d' ' -f2",
            "8192"
        ),
        Wish(
            "filled",
            "volumes: ['filled:/data']",
            "stat -c '%a %u:%g' /data /data/inner; cat /data/inner/file; readlink /data/out",
            "755 1000:50",
            "750 1000:50",
            "image",
            "/etc"
        ),
        Wish(
            "taken",
            "volumes_from: ['filled:ro']",
            "cat /data/inner/file; touch /data/x 2> /dev/null || echo sealed",
            "image",
            "sealed"
        ),
        Wish(
            "part",
            """
            volumes:
              - {type: volume, source: filled, target: /part, volume: {subpath: inner}}
            depends_on: [filled]
            """,
            "ls /part",
            "file"
        ),
        Wish(
            "empty",
            "volumes: [{type: volume, source: empty, target: /data, volume: {nocopy: true}}]",
            "ls /data | wc -l",
            "0"
        ),
        Wish(
            "ram",
            "volumes: ['memory:/ram']",
            "stat -c %a /ram; df -k /ram | tail -n 1 "
                + "| tr -s ' ' | cut -d' ' -f2",
            "700",
            "2048"
        ),
        Wish(
            "bound",
            "volumes: ['./tree:/tree:ro', './made/new:/new']",
            "cat /tree/deep/leaf; echo; touch /tree/x 2> /dev/null || echo sealed; "
                + "touch /new/x && echo made",
            "leaf",
            "sealed",
            "made"
        ),
        Wish(
            "memory",
            "volumes: [{type: tmpfs, target: /m, tmpfs: {size: 1m, mode: 0711}}]",
            "stat -c %a /m; df -k /m | tail -n 1 | tr -s ' ' | cut -d' ' -f2",
            "711",
            "1024"
        ),
        Wish(
            "imaged",
            """
            volumes:
              - {type: image, source: test/people, target: /image}
              - {type: image, source: test/people, target: /inner, image: {subpath: data/inner}}
              - {type: image, source: test/people, target: /one, image: {subpath: data/inner/file}}
            """,
            "ls /image/etc; cat /inner/file /one; touch /image/x 2> /dev/null || echo sealed",
            "group",
            "passwd",
            "image",
            "image",
            "sealed"
        ),
        Wish(
            "configured",
            """
            configs:
              - greeting
              - {source: greeting, target: /etc/deep/it, uid: '1000', gid: '50', mode: 0440}
              - {source: file, target: /plain}
              - {source: file, target: /copied, mode: 0400}
            """,
            "cat /greeting; echo; stat -c '%a %u:%g' /greeting /etc/deep/it; cat /plain; echo; "
                + "stat -c %a /copied; cat /copied; echo; (echo x > /greeting) 2> /dev/null "
                + "|| echo sealed",
            "hello",
            "444 0:0",
            "440 1000:50",
            "from a file",
            "400",
            "from a file",
            "sealed"
        ),
        Wish(
            "secret",
            "secrets: [key, {source: token, target: /etc/token, uid: '1000', mode: 0400}]\nuser: app",
            "cat /run/secrets/key; echo; cat /etc/token; echo; stat -c '%a %u' /etc/token",
            "key",
            "s3cret",
            "400 1000"
        ),
    ]

    /// Attributes that limit resources, in hierarchies of both cgroup versions.
    static let limits: [Wish] = [
        limit(
            "memory",
            "mem_limit: 64m\nmem_reservation: 32m",
            [
                ("memory/memory.limit_in_bytes", "67108864"),
                ("memory/memory.soft_limit_in_bytes", "33554432"),
            ],
            [("memory.max", "67108864"), ("memory.low", "33554432")]
        ),
        limit(
            "swappy",
            "mem_limit: 64m\nmem_swappiness: 7\noom_kill_disable: true",
            [
                ("memory/memory.swappiness", "7"),
                ("memory/memory.oom_control", "oom_kill_disable 1"),
            ],
            [("memory.max", "67108864")]
        ),
        limit(
            "deployed",
            "deploy: {resources: {limits: {memory: 64m, pids: 44, cpus: '0.25'}}}",
            [
                ("memory/memory.limit_in_bytes", "67108864"), ("pids/pids.max", "44"),
                ("cpu/cpu.cfs_quota_us", "25000"),
            ],
            [("memory.max", "67108864"), ("pids.max", "44"), ("cpu.max", "25000 100000")]
        ),
        limit(
            "cpus",
            "cpus: 0.5\ncpu_shares: 512\ncpuset: '0'",
            [
                ("cpu/cpu.cfs_quota_us", "50000"), ("cpu/cpu.shares", "512"),
                ("cpuset/cpuset.cpus", "0"),
            ],
            [("cpu.max", "50000 100000"), ("cpu.weight", "20"), ("cpuset.cpus", "0")]
        ),
        limit(
            "quota",
            "cpu_quota: 20000\ncpu_period: 50000",
            [("cpu/cpu.cfs_quota_us", "20000"), ("cpu/cpu.cfs_period_us", "50000")],
            [("cpu.max", "20000 50000")]
        ),
        limit("processes", "pids_limit: 33", [("pids/pids.max", "33")], [("pids.max", "33")]),
        limit("unlimited", "pids_limit: -1", [("pids/pids.max", "max")], [("pids.max", "max")]),
        limit(
            "nested",
            "cgroup_parent: /test-parent\npids_limit: 12",
            [("pids/pids.max", "12")],
            [("pids.max", "12")]
        ),
    ]

    /// Prints the first line of each file that exists; the others belong to the other cgroup
    /// version.
    private static func limit(
        _ name: String,
        _ attributes: String,
        _ version1: [(file: String, value: String)],
        _ version2: [(file: String, value: String)]
    ) -> Wish {
        let script = """
            cd /sys/fs/cgroup
            if test -e memory.max; then set \(version2.map(\.file).joined(separator: " "))
            else set \(version1.map(\.file).joined(separator: " ")); fi
            for file; do head -n 1 $file; done
            """
        let isVersion2 = FileSystem.exists("/sys/fs/cgroup/cgroup.controllers")
        var wish = Wish(name, attributes, script)
        wish.expected = (isVersion2 ? version2 : version1).map(\.value)
        return wish
    }
}
