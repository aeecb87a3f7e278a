extension EndToEnd.AttributeTests {
    /// Attributes of the process itself.
    static let process: [Wish] = [
        Wish("words", "entrypoint: [echo, one]\ncommand: [two, 'th ree']", "", "one two th ree"),
        Wish(
            "environment",
            "env_file: variables.env\nenvironment: {SHAPE: square, FROM_IMAGE: }",
            "echo $COLOUR $SHAPE ${FROM_IMAGE-unset} $HOME",
            "red square unset /root"
        ),
        Wish("directory", "working_dir: /made/here", "pwd; stat -c %u:%g .", "/made/here", "0:0"),
        Wish(
            "initial",
            "init: true",
            "(true &); cat /proc/1/comm; while grep -qs 'State:.Z' /proc/[0-9]*/status; do :; done; "
                + "echo reaped",
            "init",
            "reaped"
        ),
        Wish(
            "terminal",
            "tty: true",
            "tty; echo $TERM; stat -c %t:%T /dev/console",
            "/dev/pts/0",
            "xterm",
            "88:0"
        ),
        Wish("input", "stdin_open: true", "test -p /dev/stdin && echo pipe", "pipe"),
        Wish("deaf", "", "readlink /proc/self/fd/0", "/dev/null"),
        Wish(
            "bounded",
            "ulimits: {nofile: {soft: 100, hard: 200}, core: 0, cpu: -1}",
            "ulimit -n; ulimit -Hn; ulimit -c; grep 'cpu time' /proc/self/limits | tr -s ' '",
            "100",
            "200",
            "0",
            "Max cpu time unlimited unlimited seconds "
        ),
        Wish("expendable", "oom_score_adj: 321", "cat /proc/self/oom_score_adj", "321"),
        Wish(
            "hooked",
            """
            post_start:
              - {command: [sh, -c, "id -un > /tmp/hook; pwd >> /tmp/hook; echo $$A >> /tmp/hook"],
                 user: app, working_dir: /srv, environment: [A=b]}
              - {command: [sh, -c, "grep Seccomp: /proc/self/status | cut -f2 >> /tmp/hook; touch /tmp/done"],
                 privileged: true}
            tmpfs: ["/tmp:mode=1777"]
            """,
            "while ! test -e /tmp/done; do :; done; cat /tmp/hook",
            "app",
            "/srv",
            "b",
            "0"
        ),
        Wish(
            "probed",
            """
            healthcheck: {test: 'test "$$COLOUR" = blue && touch /tmp/probed', interval: 60s,
              start_period: 60s, start_interval: 1s}
            """,
            "mkdir /tmp; while ! test -e /tmp/probed; do :; done; echo probed",
            "probed"
        ),
        Wish(
            "replied",
            "depends_on: {probed: {condition: service_healthy}}",
            "echo after",
            "after"
        ),
    ]

    /// Attributes of the process's user and of the host's name.
    static let identity: [Wish] = [
        Wish("root", "", "id", "uid=0(root) gid=0(root) groups=0(root),10(wheel)"),
        Wish(
            "named",
            "user: app",
            "id; echo $HOME",
            "uid=1000(app) gid=1000(app) groups=50(staff),1000(app)",
            "/home/app"
        ),
        Wish("numbered", "user: '1234:50'", "id", "uid=1234 gid=50(staff) groups=50(staff)"),
        Wish(
            "grouped",
            "user: app:root\ngroup_add: [audio, '777']",
            "id",
            "uid=1000(app) gid=0(root) groups=0(root),29(audio),777"
        ),
        Wish(
            "called",
            "hostname: web\ndomainname: example.org",
            "hostname; echo $HOSTNAME; cat /proc/sys/kernel/domainname",
            "web",
            "web",
            "example.org"
        ),
        Wish(
            "tuned",
            "sysctls: {net.core.somaxconn: 321, kernel.shmmax: 123456}",
            "cat /proc/sys/net/core/somaxconn /proc/sys/kernel/shmmax",
            "321",
            "123456"
        ),
    ]

    /// Attributes of the process's privileges.
    static let privileges: [Wish] = [
        Wish(
            "standard",
            "",
            "grep -E 'Cap|NoNew|Seccomp:' /proc/self/status | tr '\\t' ' '",
            "CapInh: 0000000000000000",
            "CapPrm: 00000000a80425fb",
            "CapEff: 00000000a80425fb",
            "CapBnd: 00000000a80425fb",
            "CapAmb: 0000000000000000",
            "NoNewPrivs: 0",
            "Seccomp: 2"
        ),
        Wish(
            "chosen",
            "cap_drop: [ALL]\ncap_add: [NET_ADMIN, cap_chown]",
            "grep -E 'Cap(Eff|Bnd)' /proc/self/status | cut -f2",
            "0000000000001001",
            "0000000000001001"
        ),
        Wish(
            "confined",
            "security_opt: [no-new-privileges:true]",
            "grep -E 'NoNew|Seccomp:' /proc/self/status | cut -f2",
            "1",
            "2"
        ),
        Wish(
            "unconfined",
            "security_opt: [seccomp=unconfined, systempaths=unconfined]",
            "grep Seccomp: /proc/self/status | cut -f2; echo x > /proc/sys/kernel/domainname "
                + "&& echo written; grep -c ' /proc/' /proc/self/mountinfo",
            "0",
            "written",
            "0"
        ),
        Wish(
            "profiled",
            "security_opt: [seccomp=seccomp.json]",
            "touch /a && echo a; mkdir /b 2>&1; ln -s x /c; rm /c && echo c",
            "a",
            "mkdir: can't create directory '/b': Operation not supported",
            "c"
        ),
        Wish(
            "inline",
            """
            security_opt:
              - 'seccomp={"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"name":"chmod","action":"SCMP_ACT_ERRNO","errnoRet":95},{"name":"fchmodat","action":"SCMP_ACT_ERRNO","errnoRet":95}]}'
            """,
            "chmod 700 /srv 2>&1",
            "chmod: /srv: Operation not supported"
        ),
        Wish(
            "privileged",
            "privileged: true",
            "grep -E 'Seccomp:' /proc/self/status | cut -f2; test -c /dev/kmsg && echo device; "
                + "mount -t tmpfs x /srv && echo mounted; "
                + "echo x > /proc/sys/kernel/domainname && echo written; "
                + "grep -E ' (/sys|/sys/fs/cgroup) ' /proc/self/mountinfo | cut -d' ' -f6 "
                + "| cut -d, -f1; grep -c ' /proc/' /proc/self/mountinfo",
            "0",
            "device",
            "mounted",
            "written",
            "rw",
            "rw",
            "0"
        ),
        Wish(
            "device",
            "devices: ['/dev/kmsg:/dev/log-of-kernel:r']\ncap_add: [SYSLOG]",
            "stat -c %t:%T /dev/log-of-kernel; (: < /dev/log-of-kernel) && echo readable; "
                + "(: > /dev/log-of-kernel) 2> /dev/null || echo not writable",
            "1:b",
            "readable",
            "not writable"
        ),
        Wish(
            "ruled",
            "device_cgroup_rules: ['c 1:11 r']\ncap_add: [SYSLOG]",
            "mknod /log c 1 11; (: < /log) && echo readable; "
                + "(: > /log) 2> /dev/null || echo not writable",
            "readable",
            "not writable"
        ),
    ]
}
