extension Schema {
    static let service = Shape.keys(
        identity
            .merging(process) { $1 }
            .merging(limits) { $1 }
            .merging(connections) { $1 }
            .merging(storage) { $1 }
            .merging(life) { $1 }
    )

    /// The attributes that identify and select the service.
    private static let identity: [String: Shape] = [
        "annotations": .variables,
        "attach": .boolean,
        "build": build,
        "container_name": .text(isContainerName, "at least two of letters, digits, '_', '.', '-'"),
        "deploy": deploy,
        "extends": .either([
            .string,
            .keys(
                ["service": .string, "file": .string],
                required: ["service"],
                extensible: false
            ),
        ]),
        "image": .string,
        "isolation": .string,
        "label_file": .either([.string, .strings]),
        "labels": .variables,
        "platform": .string,
        "profiles": .uniqueStrings,
        "provider": provider,
        "pull_policy": .text(isPullPolicy, "always, missing, never, build or every_<duration>"),
        "pull_refresh_after": .string,
        "runtime": .string,
        "scale": .whole,
    ]

    /// The attributes of the containers' processes.
    private static let process: [String: Shape] = [
        "cap_add": .uniqueStrings,
        "cap_drop": .uniqueStrings,
        "command": .command,
        "credential_spec": .keys(["config": .string, "file": .string, "registry": .string]),
        "entrypoint": .command,
        "env_file": envFile,
        "environment": .variables,
        "group_add": .list(.scalar([.string, .integer, .float]), unique: true),
        "init": .boolean,
        "privileged": .boolean,
        "read_only": .boolean,
        "security_opt": .uniqueStrings,
        "stdin_open": .boolean,
        "sysctls": .variables,
        "tty": .boolean,
        "use_api_socket": .strictBoolean,
        "user": .string,
        "userns_mode": .string,
        "working_dir": .string,
    ]

    /// The attributes of resource limits and devices.
    private static let limits: [String: Shape] = [
        "blkio_config": blockIO,
        "cgroup": .words(["host", "private"]),
        "cgroup_parent": .string,
        "cpu_count": .either([.string, .integer(0...Int.max)]),
        "cpu_percent": .either([.string, .integer(0...100)]),
        "cpu_period": .number,
        "cpu_quota": .number,
        "cpu_rt_period": .number,
        "cpu_rt_runtime": .number,
        "cpu_shares": .number,
        "cpus": .number,
        "cpuset": .string,
        "device_cgroup_rules": .uniqueStrings,
        "devices": .list(
            .either([
                .string,
                .keys(
                    ["source": .string, "target": .string, "permissions": .string],
                    required: ["source"]
                ),
            ]),
            unique: false
        ),
        "gpus": .either([
            .words(["all"]), .list(.keys(deviceRequest, open: true), unique: false),
        ]),
        "mem_limit": .number,
        "mem_reservation": .whole,
        "mem_swappiness": .whole,
        "memswap_limit": .number,
        "oom_kill_disable": .boolean,
        "oom_score_adj": .either([.string, .integer(-1000...1000)]),
        "pids_limit": .number,
        "shm_size": .number,
        "storage_opt": .names(.anything, .any),
        "ulimits": ulimits,
    ]

    /// The attributes of networks and namespaces.
    private static let connections: [String: Shape] = [
        "dns": .stringOrStrings,
        "dns_opt": .uniqueStrings,
        "dns_search": .stringOrStrings,
        "domainname": .string,
        "expose": .list(.scalar([.string, .integer, .float]), unique: true),
        "external_links": .uniqueStrings,
        "extra_hosts": extraHosts,
        "hostname": .string,
        "ipc": .string,
        "links": .uniqueStrings,
        "mac_address": .string,
        "models": models,
        "network_mode": .string,
        "networks": networks,
        "pid": .scalar([.string, .null]),
        "ports": ports,
        "uts": .string,
    ]

    /// The attributes of mounts.
    private static let storage: [String: Shape] = [
        "configs": fileReferences,
        "secrets": fileReferences,
        "tmpfs": .stringOrStrings,
        "volumes": volumes,
        "volumes_from": .uniqueStrings,
    ]

    /// The attributes of the containers' lifecycle.
    private static let life: [String: Shape] = [
        "depends_on": dependsOn,
        "develop": develop,
        "healthcheck": .keys([
            "disable": .boolean,
            "interval": .string,
            "retries": .number,
            "test": .either([.string, .strings]),
            "timeout": .string,
            "start_period": .string,
            "start_interval": .string,
        ]),
        "logging": .keys([
            "driver": .string,
            "options": .names(.scalar([.string, .integer, .float, .null]), .any),
        ]),
        "post_start": .list(hook, unique: false),
        "pre_start": .list(initHook, unique: false),
        "pre_stop": .list(hook, unique: false),
        "restart": .string,
        "stop_grace_period": .string,
        "stop_signal": .string,
    ]
}
