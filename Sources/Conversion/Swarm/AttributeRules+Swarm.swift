extension AttributeRules {
    /// The outcome of each attribute in a stack file.
    static let swarm = AttributeRules(
        top
            .merging(process) { $1 }
            .merging(resources) { $1 }
            .merging(connections) { $1 }
            .merging(storage) { $1 }
            .merging(life) { $1 }
            .merging(deployment) { $1 }
            .merging(definitions) { $1 }
    )

    private static let top: [String: Outcome] = [
        "version": .approximated("the stack file has version 3.9"),
        "name": .carried("the stack's name, an argument of 'docker stack deploy'"),
        "include": .carried("included services are converted"),
        "models.*": .missing("run the model as a service of its own"),
        "services.*.annotations": .missing("tasks have no annotations; use labels"),
        "services.*.attach": .missing("use 'docker service logs'"),
        "services.*.build": .approximated("the image must be built and pushed before"),
        "services.*.container_name": .missing("tasks have generated names; use the service's"),
        "services.*.develop": .missing("for development on one machine"),
        "services.*.extends": .carried("merged before the conversion"),
        "services.*.image": .carried("services.SERVICE.image"),
        "services.*.isolation": .carried("services.SERVICE.isolation"),
        "services.*.label_file": .carried("services.SERVICE.labels"),
        "services.*.labels": .carried("services.SERVICE.labels"),
        "services.*.platform": .carried("deploy.placement.constraints"),
        "services.*.profiles": .carried("services of inactive profiles are left out"),
        "services.*.provider": .missing("create the resource with its provider"),
        "services.*.pull_policy": .missing("use 'docker stack deploy --resolve-image'"),
        "services.*.pull_refresh_after": .missing("use 'docker stack deploy --resolve-image'"),
        "services.*.runtime": .missing("set the default runtime of the nodes' engines"),
        "services.*.scale": .carried("deploy.replicas"),
    ]

    private static let process: [String: Outcome] = [
        "services.*.cap_add": .carried("services.SERVICE.cap_add"),
        "services.*.cap_drop": .carried("services.SERVICE.cap_drop"),
        "services.*.command": .carried("services.SERVICE.command"),
        "services.*.credential_spec": .missing("Windows only"),
        "services.*.entrypoint": .carried("services.SERVICE.entrypoint"),
        "services.*.env_file": .carried("services.SERVICE.environment"),
        "services.*.environment": .carried("services.SERVICE.environment"),
        "services.*.group_add": .missing("create the groups in the Dockerfile"),
        "services.*.init": .carried("services.SERVICE.init"),
        "services.*.privileged": .missing("grant single capabilities by 'cap_add'"),
        "services.*.read_only": .carried("services.SERVICE.read_only"),
        "services.*.security_opt": .missing("set the defaults of the nodes' engines"),
        "services.*.stdin_open": .carried("services.SERVICE.stdin_open"),
        "services.*.sysctls": .carried("services.SERVICE.sysctls"),
        "services.*.tty": .carried("services.SERVICE.tty"),
        "services.*.use_api_socket": .missing("mount the engine's socket on manager nodes"),
        "services.*.user": .carried("services.SERVICE.user"),
        "services.*.userns_mode": .missing("set the default of the nodes' engines"),
        "services.*.working_dir": .carried("services.SERVICE.working_dir"),
    ]

    private static let resources: [String: Outcome] = [
        "services.*.blkio_config": .missing("limit the volume's driver"),
        "services.*.cgroup": .missing("containers have a cgroup namespace of their own"),
        "services.*.cgroup_parent": .missing("set the default of the nodes' engines"),
        "services.*.cpu_count": .missing("Windows only; use 'cpus'"),
        "services.*.cpu_percent": .missing("Windows only; use 'cpus'"),
        "services.*.cpu_period": .approximated("deploy.resources.limits.cpus, with cpu_quota"),
        "services.*.cpu_quota": .approximated("deploy.resources.limits.cpus"),
        "services.*.cpu_rt_period": .missing("real-time scheduling is not available"),
        "services.*.cpu_rt_runtime": .missing("real-time scheduling is not available"),
        "services.*.cpu_shares": .missing("set 'deploy.resources.reservations.cpus'"),
        "services.*.cpus": .carried("deploy.resources.limits.cpus"),
        "services.*.cpuset": .missing("use 'deploy.resources.limits.cpus'"),
        "services.*.device_cgroup_rules": .missing("use generic resources"),
        "services.*.devices": .missing("use generic resources"),
        "services.*.gpus": .missing("use generic resources"),
        "services.*.mem_limit": .carried("deploy.resources.limits.memory"),
        "services.*.mem_reservation": .carried("deploy.resources.reservations.memory"),
        "services.*.mem_swappiness": .missing("configure swap on the nodes"),
        "services.*.memswap_limit": .missing("configure swap on the nodes"),
        "services.*.oom_kill_disable": .missing("not available; reserve memory"),
        "services.*.oom_score_adj": .missing("not available; reserve memory"),
        "services.*.pids_limit": .carried("deploy.resources.limits.pids"),
        "services.*.shm_size": .missing("mount a tmpfs at /dev/shm"),
        "services.*.storage_opt": .missing("set the defaults of the nodes' engines"),
        "services.*.ulimits": .carried("services.SERVICE.ulimits"),
    ]

    private static let connections: [String: Outcome] = [
        "services.*.dns": .carried("services.SERVICE.dns"),
        "services.*.dns_opt": .missing("set them in the nodes' engines"),
        "services.*.dns_search": .carried("services.SERVICE.dns_search"),
        "services.*.domainname": .missing("set 'hostname' to the full name"),
        "services.*.expose": .missing("not needed: all ports are open within a network"),
        "services.*.external_links": .missing("join the other stack's network"),
        "services.*.extra_hosts": .carried("services.SERVICE.extra_hosts"),
        "services.*.hostname": .carried("services.SERVICE.hostname"),
        "services.*.ipc": .missing("tasks have an IPC namespace of their own"),
        "services.*.links": .missing("use the service's name, or an alias of the network"),
        "services.*.mac_address": .missing("the engine assigns addresses"),
        "services.*.models": .missing("run the model as a service and set its URL"),
        "services.*.network_mode": .carried("the engine's network of that name"),
        "services.*.networks.*": .carried("services.SERVICE.networks"),
        "services.*.networks.*.aliases": .carried("services.SERVICE.networks.NETWORK.aliases"),
        "services.*.networks.*.driver_opts": .missing("set them on the network"),
        "services.*.networks.*.gw_priority": .missing("the engine chooses the gateway"),
        "services.*.networks.*.interface_name": .missing("the engine names the interfaces"),
        "services.*.networks.*.ipv4_address": .missing("use the service's name"),
        "services.*.networks.*.ipv6_address": .missing("use the service's name"),
        "services.*.networks.*.link_local_ips": .missing("the engine assigns addresses"),
        "services.*.networks.*.mac_address": .missing("the engine assigns addresses"),
        "services.*.networks.*.priority": .missing("the engine chooses the order"),
        "services.*.pid": .missing("tasks have a PID namespace of their own"),
        "services.*.ports": .carried("services.SERVICE.ports"),
        "services.*.ports.app_protocol": .missing("the engine balances connections only"),
        "services.*.ports.host_ip": .missing(
            "published on all nodes and addresses; restrict it by a firewall"
        ),
        "services.*.ports.mode": .carried("services.SERVICE.ports[].mode"),
        "services.*.ports.name": .missing("ports have no names"),
        "services.*.ports.protocol": .carried("services.SERVICE.ports[].protocol"),
        "services.*.ports.published": .carried("services.SERVICE.ports[].published"),
        "services.*.ports.target": .carried("services.SERVICE.ports[].target"),
        "services.*.uts": .missing("tasks have host names of their own; see 'hostname'"),
    ]

    private static let storage: [String: Outcome] = [
        "services.*.configs": .carried("services.SERVICE.configs"),
        "services.*.secrets": .carried("services.SERVICE.secrets"),
        "services.*.tmpfs": .carried("services.SERVICE.volumes, of type tmpfs"),
        "services.*.volumes": .carried("services.SERVICE.volumes"),
        "services.*.volumes.bind": .missing("the path must exist; the engine mounts submounts"),
        "services.*.volumes.bind.create_host_path": .missing("create it on each node"),
        "services.*.volumes.bind.recursive": .missing("the engine mounts submounts, too"),
        "services.*.volumes.bind.selinux": .missing("label the directory on each node"),
        "services.*.volumes.bind.propagation": .carried(
            "services.SERVICE.volumes[].bind.propagation"
        ),
        "services.*.volumes.consistency": .missing("without effect on Linux"),
        "services.*.volumes.image": .missing("copy the content in the Dockerfile"),
        "services.*.volumes.read_only": .carried("services.SERVICE.volumes[].read_only"),
        "services.*.volumes.source": .carried("services.SERVICE.volumes[].source"),
        "services.*.volumes.target": .carried("services.SERVICE.volumes[].target"),
        "services.*.volumes.tmpfs.mode": .missing("a tmpfs has mode 1777"),
        "services.*.volumes.tmpfs.size": .carried("services.SERVICE.volumes[].tmpfs.size"),
        "services.*.volumes.type": .carried("services.SERVICE.volumes[].type"),
        "services.*.volumes.volume.labels": .missing("label the volume under 'volumes'"),
        "services.*.volumes.volume.nocopy": .carried("services.SERVICE.volumes[].volume.nocopy"),
        "services.*.volumes.volume.subpath": .missing("mount the whole volume"),
        "services.*.volumes_from": .missing("mount the same named volumes"),
    ]

    private static let life: [String: Outcome] = [
        "services.*.depends_on.*.condition": .approximated(
            "services.SERVICE.depends_on, an order that 'docker stack deploy' ignores"
        ),
        "services.*.depends_on.*.required": .carried(
            "services that are left out are not waited for"
        ),
        "services.*.depends_on.*.restart": .missing("use 'docker service update --force'"),
        "services.*.healthcheck.disable": .carried("services.SERVICE.healthcheck.disable"),
        "services.*.healthcheck.interval": .carried("services.SERVICE.healthcheck.interval"),
        "services.*.healthcheck.retries": .carried("services.SERVICE.healthcheck.retries"),
        "services.*.healthcheck.start_interval": .missing("not part of version 3.9"),
        "services.*.healthcheck.start_period": .carried(
            "services.SERVICE.healthcheck.start_period"
        ),
        "services.*.healthcheck.test": .carried("services.SERVICE.healthcheck.test"),
        "services.*.healthcheck.timeout": .carried("services.SERVICE.healthcheck.timeout"),
        "services.*.logging": .carried("services.SERVICE.logging"),
        "services.*.post_start": .missing("call it in the container's command"),
        "services.*.pre_start": .missing("call it in the container's command"),
        "services.*.pre_stop": .missing("handle the stop signal in the container"),
        "services.*.restart": .carried("deploy.restart_policy.condition"),
        "services.*.stop_grace_period": .carried("services.SERVICE.stop_grace_period"),
        "services.*.stop_signal": .carried("services.SERVICE.stop_signal"),
    ]

    private static let deployment: [String: Outcome] = [
        "services.*.deploy": .carried("services.SERVICE.deploy"),
        "services.*.deploy.resources.reservations.devices": .missing("use generic resources"),
        "services.*.deploy.resources.reservations.cpus": .carried("services.SERVICE.deploy"),
        "services.*.deploy.resources.reservations.memory": .carried("services.SERVICE.deploy"),
        "services.*.deploy.resources.reservations.generic_resources": .carried(
            "services.SERVICE.deploy"
        ),
        "services.*.deploy.resources.limits": .carried("services.SERVICE.deploy"),
        "services.*.deploy.endpoint_mode": .carried("services.SERVICE.deploy"),
        "services.*.deploy.labels": .carried("services.SERVICE.deploy"),
        "services.*.deploy.mode": .carried("services.SERVICE.deploy"),
        "services.*.deploy.placement": .carried("services.SERVICE.deploy"),
        "services.*.deploy.replicas": .carried("services.SERVICE.deploy"),
        "services.*.deploy.restart_policy": .carried("services.SERVICE.deploy"),
        "services.*.deploy.rollback_config": .carried("services.SERVICE.deploy"),
        "services.*.deploy.update_config": .carried("services.SERVICE.deploy"),
    ]

    private static let definitions: [String: Outcome] = [
        "networks.*": .carried("networks.NETWORK"),
        "networks.*.attachable": .carried("networks.NETWORK.attachable"),
        "networks.*.driver": .carried("networks.NETWORK.driver"),
        "networks.*.driver_opts": .carried("networks.NETWORK.driver_opts"),
        "networks.*.enable_ipv4": .missing("not part of version 3.9"),
        "networks.*.enable_ipv6": .missing("not part of version 3.9"),
        "networks.*.external": .carried("networks.NETWORK.external"),
        "networks.*.internal": .carried("networks.NETWORK.internal"),
        "networks.*.ipam": .carried("networks.NETWORK.ipam"),
        "networks.*.ipam.config": .carried("networks.NETWORK.ipam.config"),
        "networks.*.ipam.config.aux_addresses": .missing("not part of version 3.9"),
        "networks.*.ipam.config.gateway": .missing("not part of version 3.9"),
        "networks.*.ipam.config.ip_range": .missing("not part of version 3.9"),
        "networks.*.ipam.config.subnet": .carried("networks.NETWORK.ipam.config[].subnet"),
        "networks.*.ipam.driver": .carried("networks.NETWORK.ipam.driver"),
        "networks.*.ipam.options": .missing("not part of version 3.9"),
        "networks.*.labels": .carried("networks.NETWORK.labels"),
        "networks.*.name": .carried("networks.NETWORK.name"),
        "volumes.*": .approximated("a volume of the same name on each node that uses it"),
        "configs.*.content": .carried("a file below configs"),
        "configs.*.environment": .carried("a file below configs"),
        "configs.*.external": .carried("configs.CONFIG.external"),
        "configs.*.file": .carried("a copy below configs"),
        "configs.*.labels": .carried("configs.CONFIG.labels"),
        "configs.*.name": .approximated("followed by a hash of the content"),
        "configs.*.template_driver": .carried("configs.CONFIG.template_driver"),
        "secrets.*.driver": .carried("secrets.SECRET.driver"),
        "secrets.*.driver_opts": .carried("secrets.SECRET.driver_opts"),
        "secrets.*.environment": .carried("a file below secrets"),
        "secrets.*.external": .carried("secrets.SECRET.external"),
        "secrets.*.file": .carried("a copy below secrets"),
        "secrets.*.labels": .carried("secrets.SECRET.labels"),
        "secrets.*.name": .approximated("followed by a hash of the content"),
        "secrets.*.template_driver": .carried("secrets.SECRET.template_driver"),
    ]
}
