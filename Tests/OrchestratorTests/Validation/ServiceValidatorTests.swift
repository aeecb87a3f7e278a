import ComposeFile
import ContainerRuntime
import Linux
import OCI
import Testing

@testable import Orchestrator

struct ServiceValidatorTests {
    @Test(arguments: [
        ("runtime: kata", "compose.yaml:4:5", "kata"),
        ("isolation: hyperv", "compose.yaml:4:5", "Windows"),
        ("provider: {type: cloud}", "compose.yaml:4:5", "cloud"),
        ("gpus: all", "compose.yaml:4:5", "GPU"),
        (
            "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}",
            "compose.yaml:4:41", "GPU"
        ),
        ("devices: [vendor.com/net=eth0]", "compose.yaml:4:15", "Container Device Interface"),
        ("storage_opt: {size: 1G}", "compose.yaml:4:19", "size"),
        ("userns_mode: private", "compose.yaml:4:5", "'host'"),
        ("pid: sometimes", "compose.yaml:4:5", "host, service:NAME"),
        ("ipc: sometimes", "compose.yaml:4:5", "shareable"),
        ("ipc: service:other", "compose.yaml:4:5", "'ipc: shareable'"),
        ("uts: service:other", "compose.yaml:4:5", "host"),
        ("uts: host\n    hostname: me", "compose.yaml:5:5", "uts"),
        ("network_mode: service:other\n    hostname: me", "compose.yaml:5:5", "other"),
        ("network_mode: service:other\n    ports: ['80']", "compose.yaml:5:5", "other"),
        ("working_dir: here", "compose.yaml:4:5", "absolute"),
        ("cpuset: 0-9", "compose.yaml:4:5", "0-9"), ("cpuset: 1-", "compose.yaml:4:5", "1-"),
        (
            "blkio_config: {device_read_bps: [{path: /dev/null, rate: 1m}]}", "compose.yaml:4:38",
            "block device"
        ),
        ("cap_add: [FLY]", "compose.yaml:4:5", "'FLY'"),
        ("sysctls: {vm.swappiness: 1}", "compose.yaml:4:5", "net.*"),
        ("sysctls: {net/../kernel/panic: 7}", "compose.yaml:4:5", "net.*"),
        ("container_name: ab/../b", "compose.yaml:4:5", "not a valid container name"),
        ("hostname: 'a b'", "compose.yaml:4:5", "not a valid host name"),
        ("hostname: ../x", "compose.yaml:4:5", "not a valid host name"),
        ("domainname: \"a\\n1.2.3.4 b\"", "compose.yaml:4:5", "not a valid host name"),
        ("mac_address: zz", "compose.yaml:4:5", "not a valid MAC address"),
        ("networks: {net: {mac_address: zz}}", "compose.yaml:4:22", "not a valid MAC address"),
        ("networks: {net: {ipv4_address: 999.9.9.9}}", "compose.yaml:4:22", "valid IP address"),
        ("networks: {net: {ipv6_address: 10.0.0.1}}", "compose.yaml:4:22", "valid IP address"),
        ("networks: {net: {link_local_ips: [x]}}", "compose.yaml:4:22", "valid IP address"),
        ("networks: {net: {interface_name: ../x}}", "compose.yaml:4:22", "valid interface name"),
        ("dns: x", "compose.yaml:4:5", "not a valid IP address"),
        ("dns_search: \"a\\nnameserver 1.2.3.4\"", "compose.yaml:4:5", "without whitespace"),
        ("dns_opt: [a b]", "compose.yaml:4:5", "without whitespace"),
        ("extra_hosts: [a=b]", "compose.yaml:4:5", "'b' of host 'a'"),
        ("extra_hosts: {\"a\\nb\": 1.2.3.4}", "compose.yaml:4:5", "not a valid host name"),
        ("network_mode: host\n    sysctls: {net.core.somaxconn: 1}", "compose.yaml:5:5", "host"),
        ("devices: [/dev/no-such-node]", "compose.yaml:4:5", "No such file"),
        ("device_cgroup_rules: [x]", "compose.yaml:4:5", "c 1:3 mr"),
        ("security_opt: [seccomp=none.json]", "compose.yaml:4:20", "none.json"),
        (
            #"security_opt: ['seccomp={"defaultAction": "SCMP_ACT_NOTIFY"}']"#, "compose.yaml:4:20",
            "defaultAction: "
        ),
        (
            #"security_opt: ['seccomp={"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"action":"SCMP_ACT_LOG"}]}']"#,
            "compose.yaml:4:20", "syscalls[0]: one of name and names"
        ),
        ("healthcheck: {interval: 1ns}", "compose.yaml:4:19", "minimum of 1ms"),
        ("healthcheck: {timeout: 999us}", "compose.yaml:4:19", "minimum of 1ms"),
        ("healthcheck: {start_period: 1ns}", "compose.yaml:4:19", "minimum of 1ms"),
        ("healthcheck: {start_interval: 1ns}", "compose.yaml:4:19", "minimum of 1ms"),
        ("mem_swappiness: 101", "compose.yaml:4:5", "100"),
        ("mem_limit: 5m", "compose.yaml:4:5", "6m"),
        ("mem_limit: 64m\n    mem_reservation: 65m", "compose.yaml:4:5", "reservation"),
        ("memswap_limit: 64m", "compose.yaml:4:5", "mem_limit"),
        ("mem_limit: 64m\n    memswap_limit: 63m", "compose.yaml:5:5", "mem_limit"),
        ("cpu_rt_runtime: 1000", "compose.yaml:4:5", "realtime"),
        ("ulimits: {nofile: {soft: 2, hard: 1}}", "compose.yaml:4:15", "soft limit 2"),
        ("volumes: ['./d:rel']", "compose.yaml:4:15", "must be absolute"),
        ("volumes: ['v:/data']", "compose.yaml:4:15", "'v:/data'"),
        ("volumes: [{type: tmpfs, target: rel}]", "compose.yaml:4:15", "'rel'"),
        ("tmpfs: [run]", "compose.yaml:4:13", "'run'"),
        ("configs: [outside]", "compose.yaml:4:15", "external config"),
        ("configs: [filled]", "compose.yaml:4:15", "golang"),
        ("secrets: [kept]", "compose.yaml:4:15", "vault"),
        ("security_opt: [apparmor=mine]", "compose.yaml:4:20", "AppArmor"),
        ("security_opt: [no-new-privileges:maybe]", "compose.yaml:4:20", "no-new-privileges"),
        ("security_opt: [sandbox=yes]", "compose.yaml:4:20", "seccomp="),
        ("logging: {options: {max-size: much}}", "compose.yaml:4:25", "10m"),
        ("logging: {options: {max-file: '0'}}", "compose.yaml:4:25", "at least 1"),
        (
            "volumes: [{type: bind, source: /proc, target: /x, bind: {propagation: wild}}]",
            "compose.yaml:4:15", "rslave"
        ),
    ])
    func `an unsupported attribute is rejected at its line`(
        attributes: String,
        place: String,
        words: String
    ) throws {
        let error = #expect(throws: OrchestratorError.self, "\(attributes)") {
            try validator(attributes).validate()
        }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("\(place): services.web."), "\(text)")
        #expect(text.contains(words), "\(text)")
    }

    @Test(arguments: [
        ("volumes: {v: {name: ../../x}}", "compose.yaml:3:15: volumes.v.name: '../../x'"),
        ("volumes: {v: {name: .x, external: true}}", "compose.yaml:3:15: volumes.v.name: '.x'"),
        ("networks: {n: {name: a/b}}", "compose.yaml:3:16: networks.n.name: 'a/b'"),
        ("networks: {n: {name: '..', external: true}}", "compose.yaml:3:16: networks.n.name: '..'"),
    ])
    func `a name that is not a file name is rejected at its line`(
        section: String,
        words: String
    ) throws {
        let use = section.hasPrefix("volumes") ? "volumes: ['v:/v']" : "networks: [n]"
        let project = try loadProject("services:\n  web: {image: web, \(use)}\n\(section)\n")
        let error = #expect(throws: OrchestratorError.self) { try project.checkResources() }
        #expect(error?.description.hasPrefix(words) == true, "\(error?.description ?? "")")
    }

    @Test func `an unknown volume driver is rejected by name`() throws {
        let error = #expect(throws: OrchestratorError.self) {
            try validator("volumes: ['far:/data']").validate()
        }
        #expect(error?.description.contains("volumes.far.driver: unsupported driver 'nfs'") == true)
    }

    @Test(arguments: [
        ("oom_kill_disable: true", "oom_kill_disable"), ("mem_swappiness: 5", "mem_swappiness"),
        ("cpu_count: 2", "Windows"), ("cpu_percent: 50", "Windows"),
        ("credential_spec: {file: x.json}", "Windows"),
        ("network_mode: host\n    ports: ['80']", "discarded"),
        ("logging: {driver: syslog}", "'syslog' is not available"),
        ("logging: {options: {tag: x}}", "services.web.logging.options.tag"),
        ("mem_limit: 64m\n    memswap_limit: 128m", "swap"),
        ("blkio_config: {weight: 300}", "weights"),
        (
            "deploy: {endpoint_mode: vip, placement: {constraints: [a==b]}}",
            "placement, endpoint_mode"
        ),
        ("deploy: {endpoint_mode: vip}", "endpoint_mode"),
    ])
    func `an attribute without effect causes a warning`(attributes: String, words: String) throws {
        let validator = try validator(attributes)
        try validator.validate()
        let warnings = validator.warnings()
        #expect(warnings.count == 1, "\(warnings)")
        #expect(warnings.first?.message.contains(words) == true, "\(warnings)")
        #expect(warnings.first?.location != nil)
    }

    @Test func `a service with supported attributes causes no warning`() throws {
        let validator = try validator(
            """
            runtime: runc
                isolation: default
                userns_mode: host
                pid: host
                ipc: service:sharing
                security_opt: [no-new-privileges:true, seccomp=unconfined, label=disable]
                logging: {driver: local, options: {max-size: 10m, max-file: '3'}}
                deploy: {mode: replicated, resources: {limits: {cpus: '1', memory: 64m}}}
                ulimits: {nofile: {soft: 1, hard: -1}, nproc: -1}
                devices: ['/dev/null:/dev/x:r']
            """
        )
        try validator.validate()
        #expect(validator.warnings().isEmpty)
    }

    @Test(arguments: [
        ("no-new-privileges", SecurityOption.noNewPrivileges(true)),
        ("no-new-privileges:false", .noNewPrivileges(false)),
        ("seccomp:unconfined", .unconfinedSeccomp), ("seccomp=a:b.json", .seccomp("a:b.json")),
        ("label=type:svirt", .label("type:svirt")), ("apparmor:x", .appArmor("x")),
        ("systempaths=unconfined", .unconfinedSystemPaths),
    ])
    func `a security option is parsed with either separator`(text: String, option: SecurityOption) {
        #expect(SecurityOption(text) == option)
    }

    @Test(
        arguments: [
            ("0", [0]), ("0-2,5", [0, 1, 2, 5]), ("", nil), ("3-1", nil), ("a", nil), ("1,", nil),
            ("0-99999999999", nil),
        ] as [(String, Set<Int>?)]
    )
    func `a set of processors is parsed in the kernel's notation`(text: String, set: Set<Int>?) {
        #expect(ProcessorSet(text)?.numbers == set)
    }

    private static let user = UserBounds(
        firstPort: 1024,
        outOfMemoryAdjustment: 100,
        resourceLimits: [.nofile: 4096]
    )

    @Test(arguments: [
        ("ports: ['80:80']", "compose.yaml:4:13", "net.ipv4.ip_unprivileged_port_start=80"),
        ("ports: ['1000-1010:80']", "compose.yaml:4:13", "start=1000"),
        ("cpu_rt_runtime: 1000", "compose.yaml:4:5", "run the command as root"),
    ])
    func `an attribute that needs root is rejected with its place and a remedy`(
        attributes: String,
        place: String,
        remedy: String
    ) throws {
        let validator = try validator(attributes, user: Self.user)
        let error = #expect(throws: OrchestratorError.self) { try validator.validate() }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.hasPrefix("\(place):") && text.contains(remedy), "\(text)")
    }

    @Test(arguments: [
        ("mem_limit: 64m", "mem_limit"), ("mem_reservation: 64m", "mem_reservation"),
        ("deploy: {resources: {limits: {pids: 5}}}", "deploy.resources.limits"),
        ("network_mode: host", "network_mode"), ("oom_score_adj: -5", "is 100"),
        ("ulimits: {nofile: 8192}", "at most 4096"), ("ulimits: {nofile: -1}", "at most 4096"),
    ])
    func `an attribute that is weaker for an ordinary user causes one warning`(
        attributes: String,
        text: String
    ) throws {
        let validator = try validator(attributes, user: Self.user)
        try validator.validate()
        let warnings = validator.warnings()
        #expect(warnings.count == 1, "\(warnings)")
        #expect(warnings.first?.message.contains(text) == true, "\(warnings)")
    }

    @Test(arguments: [
        "ports: ['8080:80', '80']", "oom_score_adj: 100", "ulimits: {nofile: 4096}",
        "privileged: true", "devices: [/dev/null]",
    ])
    func `an attribute within an ordinary user's bounds causes no warning`(
        attributes: String
    ) throws {
        let validator = try validator(attributes, user: Self.user)
        try validator.validate()
        #expect(validator.warnings().isEmpty)
    }

    @Test func `limits are lowered to those that the user may set`() {
        var design = DefaultSpecification(arguments: ["true"], cgroupPath: "/")
        design.resourceLimits = [.init(type: "RLIMIT_NOFILE", soft: 8192, hard: .max)]
        design.outOfMemoryAdjustment = -5
        Self.user.apply(to: &design)
        #expect(design.resourceLimits == [.init(type: "RLIMIT_NOFILE", soft: 4096, hard: 4096)])
        #expect(design.outOfMemoryAdjustment == 100)
    }

    /// A validator for a host with two processors and no optional features.
    private func validator(
        _ attributes: String,
        user: UserBounds? = nil
    ) throws -> ServiceValidator {
        let text = """
            services:
              web:
                image: web
                \(attributes)
              other:
                image: web
              sharing:
                image: web
                ipc: shareable
            networks:
              net: {}
            volumes:
              far: {driver: nfs}
            configs:
              outside: {external: true}
              filled: {content: x, template_driver: golang}
            secrets:
              kept: {environment: HOME, driver: vault}
            """
        let project = try loadProject(text)
        var capabilities = HostCapabilities(hasSwapLimits: false, hasBlockWeights: false)
        capabilities.user = user
        capabilities.hasControlGroups = user == nil
        capabilities.processors = try #require(ProcessorSet("0-1"))
        return ServiceValidator(
            service: try #require(project.services["web"]),
            project: project,
            capabilities: capabilities
        )
    }
}
