import Testing

@testable import ComposeFile

/// The attributes known to the schema, each with a value to try.
enum AttributeCatalogue {
    /// An attribute as a fragment of a Compose file, and the same fragment without it.
    struct Entry: Sendable, CustomTestStringConvertible {
        /// The keys joined by dots, `[]` for a list element.
        var path: String
        var with: String
        var without: String

        var testDescription: String { path }
    }

    static let entries: [Entry] = {
        var entries: [Entry] = []
        collect(Schema.file, [], &entries)
        return entries.sorted { $0.path < $1.path }
    }()

    /// The attributes that are numbers, sizes or durations, each with `value`.
    static func numbers(_ value: String) -> [Entry] {
        var entries: [Entry] = []
        collect(Schema.file, [], &entries, number: value)
        return entries
    }

    private static func collect(
        _ shape: Shape,
        _ path: [String],
        _ entries: inout [Entry],
        number: String? = nil
    ) {
        switch nested(in: shape) {
        case .keys(let keys)?:
            for (key, shape) in keys.known {
                collect(shape, path + [key], &entries, number: number)
            }
        case .names(let inner, _)?:
            collect(inner, path + [name(below: path)], &entries, number: number)
        case .list(let element, _)?:
            collect(element, path + ["[]"], &entries, number: number)
        default:
            if let number {
                let sample = samples[joined(path)] ?? sample(shape)
                guard isNumeric(shape) || sample.contains(where: \.isNumber) else { return }
                let text = document(path[...], below: [], number)
                entries.append(Entry(path: joined(path), with: text, without: text))
                return
            }
            if let (with, without) = fragments[joined(path)] {
                entries.append(Entry(path: joined(path), with: with, without: without))
                return
            }
            let value = samples[joined(path)] ?? sample(shape)
            entries.append(
                Entry(
                    path: joined(path),
                    with: document(path[...], below: [], value),
                    without: document(path[...], below: [], nil)
                )
            )
        }
    }

    /// The mapping, or list of mappings, that a value may be; nil for a scalar and its lists.
    private static func nested(in shape: Shape) -> Shape? {
        switch shape {
        case .keys: return shape
        case .names(let inner, _): return isScalar(inner) ? nil : shape
        case .list(let element, _): return nested(in: element) == nil ? nil : shape
        case .either(let shapes): return shapes.lazy.compactMap(nested).first
        default: return nil
        }
    }

    private static func isNumeric(_ shape: Shape) -> Bool {
        switch shape {
        case .scalar(let kinds): !kinds.isDisjoint(with: [.integer, .float])
        case .integer: true
        case .either(let shapes): shapes.contains(where: isNumeric)
        default: false
        }
    }

    private static func isScalar(_ shape: Shape) -> Bool {
        switch shape {
        case .keys: false
        case .either(let shapes): shapes.allSatisfy(isScalar)
        default: true
        }
    }

    private static func joined(_ path: [String]) -> String {
        path.reduce("") { $0.isEmpty || $1 == "[]" ? $0 + $1 : "\($0).\($1)" }
    }

    /// The mapping that sets the attribute at the end of `rest`, or the same without that
    /// attribute.
    private static func document(
        _ rest: ArraySlice<String>,
        below path: [String],
        _ value: String?
    ) -> String {
        guard let key = rest.first else { return "{}" }
        if rest.count == 1 { return value.map { "{\(key): \($0)}" } ?? "{}" }
        let path = path + [key]
        guard rest.dropFirst().first == "[]" else {
            return "{\(key): \(document(rest.dropFirst(), below: path, value))}"
        }
        let inner = document(rest.dropFirst(2), below: path + ["[]"], value)
        let others = siblings(of: joined(path), rest: joined(Array(rest.dropFirst(2))))
        let parts = [others, String(inner.dropFirst().dropLast())].filter { !$0.isEmpty }
        return parts.isEmpty ? "{}" : "{\(key): [{\(parts.joined(separator: ", "))}]}"
    }

    /// The other attributes that an element of the list at `path` needs.
    private static func siblings(of path: String, rest: String) -> String {
        let kind = rest.split(separator: ".").first.map(String.init) ?? ""
        switch path {
        case "services.web.ports": return kind == "target" ? "" : "target: 81"
        case "services.web.volumes":
            switch kind {
            case "volume", "consistency": return "type: volume, source: data, target: /t"
            case "tmpfs": return "type: tmpfs, target: /t"
            case "image": return "type: image, source: img, target: /t"
            case "type": return "source: /src, target: /t"
            case "source": return "type: bind, target: /t"
            case "target": return "type: bind, source: /src"
            default: return "type: bind, source: /src, target: /t"
            }
        case "services.web.devices":
            return kind == "source"
                ? "target: /dev/target"
                : "source: /dev/kmsg" + (kind == "target" ? "" : ", target: /dev/target")
        case "services.web.configs": return kind == "source" ? "" : "source: conf"
        case "services.web.secrets", "services.web.build.secrets":
            return kind == "source" ? "" : "source: sec"
        case "services.web.develop.watch": return "path: ., action: sync, target: /t"
        case "services.web.post_start", "services.web.pre_stop", "services.web.pre_start":
            return kind == "command" ? "" : "command: [x]"
        case "networks.net.ipam.config": return kind == "subnet" ? "" : "subnet: 10.9.0.0/16"
        case "services.web.env_file": return kind == "path" ? "" : "path: a.env"
        case "services.web.gpus", "services.web.deploy.resources.reservations.devices":
            return kind == "capabilities" ? "" : "capabilities: [gpu]"
        default:
            return path.hasPrefix("services.web.blkio_config") && kind != "path"
                ? "path: /dev/null" : ""
        }
    }

    private static func name(below path: [String]) -> String {
        let names = [
            "services": "web", "networks": "net", "volumes": "data", "secrets": "sec",
            "configs": "conf", "models": "llm", "depends_on": "db", "ulimits": "nofile",
        ]
        return path.last.flatMap { names[$0] } ?? "key"
    }

    private static func sample(_ shape: Shape) -> String {
        switch shape {
        case .anything: "text"
        case .scalar(let kinds):
            kinds.contains(.boolean)
                ? "true" : kinds.contains(.integer) || kinds.contains(.float) ? "3" : "text"
        case .words(let words): words.last ?? ""
        case .text: "text"
        case .integer(let range): String(min(range.upperBound, max(range.lowerBound, 7)))
        case .list(let element, _): "[\(sample(element))]"
        case .names(let inner, _): "{key: \(sample(inner))}"
        case .keys: "{}"
        case .either(let shapes): shapes.first.map(sample) ?? "text"
        }
    }

    /// Fragments for attributes that others of the base project exclude or require.
    private static let fragments = [
        "configs.conf.content": (
            "configs: !override {conf: {content: text}}",
            "configs: !override {conf: {content: other}}"
        ),
        "configs.conf.environment": (
            "configs: !override {conf: {environment: VARIABLE}}",
            "configs: !override {conf: {content: other}}"
        ),
        "secrets.sec.environment": (
            "secrets: !override {sec: {environment: VARIABLE}}", "secrets: {sec: {file: ./sec}}"
        ),
        "services.web.network_mode": (
            "services: {web: {networks: !reset null, network_mode: none}}", "{}"
        ),
        "services.web.memswap_limit": (
            "services: {web: {mem_limit: 64m, memswap_limit: 100m}}",
            "services: {web: {mem_limit: 64m}}"
        ),
        "services.web.ulimits.nofile.soft": (
            "services: {web: {ulimits: {nofile: {soft: 5, hard: 1000}}}}", "{}"
        ),
        "services.web.ulimits.nofile.hard": (
            "services: {web: {ulimits: {nofile: {soft: 4, hard: 2000}}}}", "{}"
        ),
        "services.web.build.ulimits.nofile.soft": (
            "services: {web: {build: {ulimits: {nofile: {soft: 5, hard: 9}}}}}",
            "services: {web: {build: {ulimits: {nofile: {soft: 6, hard: 9}}}}}"
        ),
        "services.web.build.ulimits.nofile.hard": (
            "services: {web: {build: {ulimits: {nofile: {soft: 5, hard: 8}}}}}",
            "services: {web: {build: {ulimits: {nofile: {soft: 5, hard: 9}}}}}"
        ),
        "services.web.models.llm.endpoint_var": (
            "{models: {llm: {model: m}}, services: {web: {models: {llm: {endpoint_var: V}}}}}", "{}"
        ),
        "services.web.models.llm.model_var": (
            "{models: {llm: {model: m}}, services: {web: {models: {llm: {model_var: V}}}}}", "{}"
        ),
        "services.web.provider.options": (
            "services: {web: {provider: {type: cloud, options: {a: b}}}}", "{}"
        ),
        "services.web.configs[].source": (
            "{configs: {a: {file: ./a}}, services: {web: {configs: [{source: a}]}}}",
            "configs: {a: {file: ./a}}"
        ),
        "services.web.secrets[].source": (
            "{secrets: {a: {file: ./a}}, services: {web: {secrets: [{source: a}]}}}",
            "secrets: {a: {file: ./a}}"
        ),
        "services.web.depends_on.db.required": (
            """
            services:
              off: {image: off, profiles: [off]}
              web: {depends_on: {off: {condition: service_started, required: true}}}
            """,
            "{}"
        ),
        "services.web.networks.net.priority": (
            "{networks: {a: }, services: {web: {networks: {a: , net: {priority: 3}}}}}",
            "{networks: {a: }, services: {web: {networks: {a: , net: }}}}"
        ),
        "services.web.volumes[].volume.labels": (
            "services: {web: {volumes: [{type: volume, target: /t, volume: {labels: {a: b}}}]}}",
            "services: {web: {volumes: [{type: volume, target: /t, volume: {}}]}}"
        ),
        "services.web.env_file[].required": (
            "services: {web: {env_file: [{path: absent.env, required: true}]}}",
            "services: {web: {env_file: [{path: absent.env, required: false}]}}"
        ),
    ]

    /// Values for attributes whose content matters.
    private static let samples = [
        "services.web.cap_add": "[NET_ADMIN]", "services.web.cap_drop": "[CHOWN]",
        "services.web.cpuset": "'0'", "services.web.cgroup": "host",
        "services.web.mem_limit": "64m", "services.web.mem_reservation": "32m",
        "services.web.memswap_limit": "128m", "services.web.shm_size": "1m",
        "services.web.mem_swappiness": "5", "services.web.restart": "always",
        "services.web.stop_signal": "SIGINT", "services.web.stop_grace_period": "5s",
        "services.web.network_mode": "none", "services.web.pid": "host",
        "services.web.ipc": "host", "services.web.uts": "host",
        "services.web.userns_mode": "private", "services.web.isolation": "hyperv",
        "services.web.mac_address": "02:00:00:00:00:01", "services.web.dns": "10.0.0.1",
        "services.web.dns_opt": "['ndots:2']", "services.web.group_add": "[audio]",
        "services.web.security_opt": "[no-new-privileges:true]",
        "services.web.sysctls": "{net.core.somaxconn: 77}", "services.web.tmpfs": "[/tmp]",
        "services.web.device_cgroup_rules": "['c 1:3 r']", "services.web.expose": "['99']",
        "services.web.extra_hosts": "['a=10.0.0.1']", "services.web.links": "['db:alias']",
        "services.web.external_links": "['other:alias']", "services.web.volumes_from": "[db]",
        "services.web.working_dir": "/elsewhere", "services.web.user": "'5'",
        "services.web.profiles": "[unused]", "services.web.pull_policy": "always",
        "services.web.image": "other", "services.web.platform": "linux/arm64",
        "services.web.container_name": "unique", "services.web.attach": "false",
        "services.web.label_file": "a.env", "services.web.env_file[].path": "a.env",
        "services.web.env_file": "a.env",
        "services.web.init": "true", "services.web.oom_score_adj": "7",
        "services.web.runtime": "kata", "services.web.cgroup_parent": "/parent",
        "services.web.scale": "2", "services.web.annotations": "{key: value}",
        "services.web.storage_opt": "{size: 1g}", "services.web.deploy.replicas": "2",
        "services.web.deploy.resources.limits.memory": "64m",
        "services.web.deploy.resources.reservations.memory": "32m",
        "services.web.deploy.resources.limits.cpus": "'0.5'",
        "services.web.deploy.resources.reservations.cpus": "'0.5'",
        "services.web.deploy.restart_policy.condition": "on-failure",
        "services.web.deploy.restart_policy.delay": "5s",
        "services.web.deploy.restart_policy.window": "5s",
        "services.web.deploy.update_config.delay": "5s",
        "services.web.deploy.update_config.monitor": "5s",
        "services.web.deploy.rollback_config.delay": "5s",
        "services.web.deploy.rollback_config.monitor": "5s",
        "services.web.healthcheck.interval": "7s", "services.web.healthcheck.timeout": "7s",
        "services.web.healthcheck.start_period": "7s",
        "services.web.healthcheck.start_interval": "7s",
        "services.web.healthcheck.test": "[CMD, check]", "services.web.cpus": "0.5",
        "services.web.ports[].host_ip": "127.0.0.1", "services.web.ports[].published": "'8081'",
        "services.web.ports[].target": "82", "services.web.ports[].protocol": "udp",
        "services.web.volumes[].type": "bind", "services.web.volumes[].source": "/other",
        "services.web.volumes[].target": "/other", "services.web.volumes[].consistency": "cached",
        "services.web.volumes[].bind.propagation": "private",
        "services.web.volumes[].bind.create_host_path": "true",
        "services.web.volumes[].bind.recursive": "disabled",
        "services.web.volumes[].tmpfs.size": "1m", "services.web.volumes[].tmpfs.mode": "0o700",
        "services.web.volumes[].volume.subpath": "part",
        "services.web.volumes[].image.subpath": "part",
        "services.web.devices[].source": "/dev/zero", "services.web.devices[].target": "/dev/x",
        "services.web.devices[].permissions": "r", "services.web.configs[].source": "conf",
        "services.web.configs[].mode": "0o400", "services.web.configs[].uid": "'5'",
        "services.web.configs[].gid": "'5'", "services.web.secrets[].mode": "0o400",
        "services.web.secrets[].uid": "'5'", "services.web.secrets[].gid": "'5'",
        "services.web.secrets[].source": "sec",
        "services.web.networks.net.ipv4_address": "10.9.0.5",
        "services.web.networks.net.ipv6_address": "fd00::5",
        "services.web.networks.net.link_local_ips": "[169.254.1.1]",
        "services.web.networks.net.mac_address": "02:00:00:00:00:02",
        "services.web.networks.net.interface_name": "if0",
        "services.web.logging.driver": "none", "services.web.logging.options": "{max-size: 1m}",
        "services.web.ulimits.nofile.soft": "5", "services.web.ulimits.nofile.hard": "2000",
        "services.web.build.context": "./other", "services.web.cpu_count": "3",
        "services.web.cpu_percent": "7", "services.web.build.secrets[].source": "sec",
        "services.web.build.network": "none",
        "services.web.build.platforms": "[linux/amd64]", "services.web.build.shm_size": "1m",
        "services.web.build.entitlements": "[security.insecure]",
        "services.web.build.extra_hosts": "['a=10.0.0.1']", "services.web.build.tags": "[other]",
        "services.web.build.ssh": "[key=/key]", "services.web.healthcheck.retries": "9",
        "services.web.build.isolation": "hyperv",
        "services.web.build.additional_contexts": "{base: ./base}",
        "services.web.build.dockerfile_inline": "FROM scratch",
        "networks.net.ipam.config[].subnet": "10.8.0.0/16",
        "networks.net.ipam.config[].ip_range": "10.9.1.0/24",
        "networks.net.ipam.config[].gateway": "10.9.0.9",
        "networks.net.ipam.config[].aux_addresses": "{host1: 10.9.0.7}",
        "networks.net.driver": "overlay", "networks.net.enable_ipv4": "false",
        "networks.net.driver_opts": "{com.docker.network.driver.mtu: '1400'}",
        "volumes.data.driver_opts": "{type: none, o: bind, device: /src}",
    ]
}
