extension AttributeRules {
    /// The outcome of each attribute in Kubernetes manifests.
    static let kubernetes = AttributeRules(
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
        "version": .approximated("ignored, as by Compose"),
        "name": .carried("label app.kubernetes.io/part-of"),
        "include": .carried("included services are converted"),
        "models.*": .missing("run the model behind a Service of its own"),
        "services.*.annotations": .carried("template.metadata.annotations"),
        "services.*.attach": .missing("use 'kubectl logs'"),
        "services.*.build": .approximated("the image must be built and pushed before"),
        "services.*.container_name": .approximated("a Service of that name"),
        "services.*.develop": .missing("for development on one machine; use Skaffold or Tilt"),
        "services.*.extends": .carried("merged before the conversion"),
        "services.*.image": .carried("containers[].image"),
        "services.*.isolation": .missing("Windows only; use a runtimeClassName in an overlay"),
        "services.*.label_file": .carried("template.metadata.annotations"),
        "services.*.labels": .carried("template.metadata.annotations"),
        "services.*.platform": .carried("nodeSelector"),
        "services.*.profiles": .carried("services of inactive profiles are left out"),
        "services.*.provider": .missing("create the resource in the cluster, with its operator"),
        "services.*.pull_policy": .carried("containers[].imagePullPolicy"),
        "services.*.pull_refresh_after": .missing("use 'pull_policy: always'"),
        "services.*.runtime": .missing("set runtimeClassName in an overlay"),
        "services.*.scale": .carried("spec.replicas"),
        "services.*.x-kubernetes": .carried("see the settings of x-kubernetes"),
    ]

    private static let process: [String: Outcome] = [
        "services.*.cap_add": .carried("securityContext.capabilities.add"),
        "services.*.cap_drop": .carried("securityContext.capabilities.drop"),
        "services.*.command": .carried("containers[].args"),
        "services.*.credential_spec": .missing("Windows only"),
        "services.*.entrypoint": .carried("containers[].command"),
        "services.*.env_file": .carried("ConfigMap SERVICE-env, Secret SERVICE-env"),
        "services.*.environment": .carried("containers[].env, Secret SERVICE-env"),
        "services.*.group_add": .carried("securityContext.supplementalGroups"),
        "services.*.init": .approximated("shareProcessNamespace: the pause process reaps"),
        "services.*.privileged": .carried("securityContext.privileged"),
        "services.*.read_only": .carried("securityContext.readOnlyRootFilesystem"),
        "services.*.security_opt": .carried("securityContext"),
        "services.*.stdin_open": .carried("containers[].stdin"),
        "services.*.sysctls": .approximated(
            "securityContext.sysctls; the kubelet must allow those that it calls unsafe"
        ),
        "services.*.tty": .carried("containers[].tty"),
        "services.*.use_api_socket": .missing("use a ServiceAccount and the Kubernetes API"),
        "services.*.user": .carried("securityContext.runAsUser, runAsGroup"),
        "services.*.userns_mode": .missing("set hostUsers in an overlay"),
        "services.*.working_dir": .carried("containers[].workingDir"),
    ]

    private static let resources: [String: Outcome] = [
        "services.*.blkio_config": .missing("use a storage class with limits"),
        "services.*.cgroup": .missing("containers have a cgroup namespace of their own"),
        "services.*.cgroup_parent": .missing("the kubelet chooses the cgroup"),
        "services.*.cpu_count": .missing("Windows only; use 'cpus'"),
        "services.*.cpu_percent": .missing("Windows only; use 'cpus'"),
        "services.*.cpu_period": .approximated("resources.limits.cpu, together with cpu_quota"),
        "services.*.cpu_quota": .approximated("resources.limits.cpu"),
        "services.*.cpu_rt_period": .missing("real-time scheduling is not available"),
        "services.*.cpu_rt_runtime": .missing("real-time scheduling is not available"),
        "services.*.cpu_shares": .missing("set 'deploy.resources.reservations.cpus'"),
        "services.*.cpus": .carried("resources.limits.cpu"),
        "services.*.cpuset": .missing("use the kubelet's CPU manager with whole CPUs"),
        "services.*.device_cgroup_rules": .missing("use a device plugin"),
        "services.*.devices": .missing("use a device plugin"),
        "services.*.gpus": .approximated("resources.limits, for the GPUs' device plugin"),
        "services.*.mem_limit": .carried("resources.limits.memory"),
        "services.*.mem_reservation": .carried("resources.requests.memory"),
        "services.*.mem_swappiness": .missing("configure swap in the kubelet"),
        "services.*.memswap_limit": .missing("configure swap in the kubelet"),
        "services.*.oom_kill_disable": .missing("not available; set memory requests"),
        "services.*.oom_score_adj": .missing("follows from resources; set memory requests"),
        "services.*.pids_limit": .missing("set podPidsLimit of the kubelet"),
        "services.*.shm_size": .carried("an emptyDir in memory at /dev/shm"),
        "services.*.storage_opt": .missing("set resources.limits.ephemeral-storage in an overlay"),
        "services.*.ulimits": .missing("set them in the node's container runtime"),
    ]

    private static let connections: [String: Outcome] = [
        "services.*.dns": .carried("dnsConfig.nameservers"),
        "services.*.dns_opt": .carried("dnsConfig.options"),
        "services.*.dns_search": .carried("dnsConfig.searches"),
        "services.*.domainname": .missing("the cluster's domain applies"),
        "services.*.expose": .carried("Service spec.ports"),
        "services.*.external_links": .missing("use the Service's name, as NAME.NAMESPACE"),
        "services.*.extra_hosts": .carried("hostAliases"),
        "services.*.hostname": .carried("hostname"),
        "services.*.ipc": .carried("hostIPC"),
        "services.*.links": .approximated("a Service for each alias, visible to all"),
        "services.*.mac_address": .missing("the cluster assigns addresses"),
        "services.*.models": .missing("run the model behind a Service and set its URL"),
        "services.*.network_mode": .carried("hostNetwork or a NetworkPolicy"),
        "services.*.networks.*": .carried("NetworkPolicy of the network"),
        "services.*.networks.*.aliases": .approximated(
            "a Service for each alias, visible to all networks"
        ),
        "services.*.networks.*.driver_opts": .missing("the cluster has one network"),
        "services.*.networks.*.gw_priority": .missing("the cluster has one network"),
        "services.*.networks.*.interface_name": .missing("the cluster has one network"),
        "services.*.networks.*.ipv4_address": .missing("use the Service's name"),
        "services.*.networks.*.ipv6_address": .missing("use the Service's name"),
        "services.*.networks.*.link_local_ips": .missing("the cluster assigns addresses"),
        "services.*.networks.*.mac_address": .missing("the cluster assigns addresses"),
        "services.*.networks.*.priority": .missing("the cluster has one network"),
        "services.*.pid": .carried("hostPID"),
        "services.*.ports": .carried("Service spec.ports"),
        "services.*.ports.app_protocol": .carried("Service spec.ports[].appProtocol"),
        "services.*.ports.host_ip": .approximated(
            "a loopback address is not published; others have no effect"
        ),
        "services.*.ports.mode": .approximated("a Service balances; see x-kubernetes.publish"),
        "services.*.ports.name": .carried("Service spec.ports[].name"),
        "services.*.ports.protocol": .carried("Service spec.ports[].protocol"),
        "services.*.ports.published": .carried("Service SERVICE-published spec.ports[].port"),
        "services.*.ports.target": .carried("Service spec.ports[].targetPort"),
        "services.*.uts": .missing("pods have host names of their own; see 'hostname'"),
    ]

    private static let storage: [String: Outcome] = [
        "services.*.configs": .carried("volumes[].configMap"),
        "services.*.configs.gid": .missing("set securityContext.fsGroup in an overlay"),
        "services.*.configs.mode": .carried("volumes[].configMap.items[].mode"),
        "services.*.configs.source": .carried("volumes[].configMap"),
        "services.*.configs.target": .carried("volumeMounts[].mountPath"),
        "services.*.configs.uid": .missing("set securityContext.fsGroup in an overlay"),
        "services.*.secrets": .carried("volumes[].secret"),
        "services.*.secrets.gid": .missing("set securityContext.fsGroup in an overlay"),
        "services.*.secrets.mode": .carried("volumes[].secret.items[].mode"),
        "services.*.secrets.source": .carried("volumes[].secret"),
        "services.*.secrets.target": .carried("volumeMounts[].mountPath"),
        "services.*.secrets.uid": .missing("set securityContext.fsGroup in an overlay"),
        "services.*.tmpfs": .carried("an emptyDir in memory"),
        "services.*.volumes": .carried("volumes[]"),
        "services.*.volumes.bind": .missing("a hostPath is mounted with its submounts"),
        "services.*.volumes.bind.propagation": .carried("volumeMounts[].mountPropagation"),
        "services.*.volumes.consistency": .missing("without effect on Linux"),
        "services.*.volumes.image": .missing("copy the content in the Dockerfile"),
        "services.*.volumes.read_only": .carried("volumeMounts[].readOnly"),
        "services.*.volumes.source": .carried("volumes[]"),
        "services.*.volumes.target": .carried("volumeMounts[].mountPath"),
        "services.*.volumes.tmpfs.mode": .missing("an emptyDir has mode 0777"),
        "services.*.volumes.tmpfs.size": .carried("emptyDir.sizeLimit"),
        "services.*.volumes.type": .carried("volumes[]"),
        "services.*.volumes.volume.labels": .missing("an emptyDir has no labels"),
        "services.*.volumes.volume.nocopy": .missing(
            "volumes start empty; copy files by 'pre_start'"
        ),
        "services.*.volumes.volume.subpath": .carried("volumeMounts[].subPath"),
        "services.*.volumes_from": .missing("mount the same named volumes"),
    ]

    private static let life: [String: Outcome] = [
        "services.*.depends_on.*.condition": .carried("initContainers"),
        "services.*.depends_on.*.required": .carried(
            "services that are left out are not waited for"
        ),
        "services.*.depends_on.*.restart": .missing("use 'kubectl rollout restart'"),
        "services.*.healthcheck.disable": .carried("no probes"),
        "services.*.healthcheck.interval": .carried("periodSeconds of the probes"),
        "services.*.healthcheck.retries": .carried("failureThreshold of the probes"),
        "services.*.healthcheck.start_interval": .carried("startupProbe.periodSeconds"),
        "services.*.healthcheck.start_period": .carried("startupProbe"),
        "services.*.healthcheck.test": .approximated("readinessProbe and livenessProbe"),
        "services.*.healthcheck.timeout": .carried("timeoutSeconds of the probes"),
        "services.*.logging": .missing("the cluster collects logs"),
        "services.*.post_start": .carried("lifecycle.postStart"),
        "services.*.post_start.command": .carried("lifecycle.postStart"),
        "services.*.post_start.environment": .carried("lifecycle.postStart"),
        "services.*.post_start.working_dir": .carried("lifecycle.postStart"),
        "services.*.pre_start.command": .carried("initContainers[].command"),
        "services.*.pre_start.environment": .carried("initContainers[].env"),
        "services.*.pre_start.image": .carried("initContainers[].image"),
        "services.*.pre_start.per_replica": .approximated("init containers run in each pod"),
        "services.*.pre_start.privileged": .carried("initContainers[].securityContext"),
        "services.*.pre_start.user": .carried("initContainers[].securityContext"),
        "services.*.pre_start.working_dir": .carried("initContainers[].workingDir"),
        "services.*.pre_stop": .carried("lifecycle.preStop"),
        "services.*.pre_stop.command": .carried("lifecycle.preStop"),
        "services.*.pre_stop.environment": .carried("lifecycle.preStop"),
        "services.*.pre_stop.working_dir": .carried("lifecycle.preStop"),
        "services.*.restart": .carried("restartPolicy"),
        "services.*.stop_grace_period": .carried("terminationGracePeriodSeconds"),
        "services.*.stop_signal": .missing("set STOPSIGNAL in the Dockerfile"),
    ]

    private static let deployment: [String: Outcome] = [
        "services.*.deploy.endpoint_mode": .carried("Service clusterIP"),
        "services.*.deploy.labels": .carried("metadata.annotations of the workload"),
        "services.*.deploy.mode": .carried("the kind of workload"),
        "services.*.deploy.placement.constraints": .carried("affinity.nodeAffinity"),
        "services.*.deploy.placement.max_replicas_per_node": .carried("affinity.podAntiAffinity"),
        "services.*.deploy.placement.preferences": .carried("topologySpreadConstraints"),
        "services.*.deploy.replicas": .carried("spec.replicas"),
        "services.*.deploy.resources.limits.cpus": .carried("resources.limits.cpu"),
        "services.*.deploy.resources.limits.memory": .carried("resources.limits.memory"),
        "services.*.deploy.resources.limits.pids": .missing("set podPidsLimit of the kubelet"),
        "services.*.deploy.resources.reservations.cpus": .carried("resources.requests.cpu"),
        "services.*.deploy.resources.reservations.devices": .approximated(
            "resources.limits, for the GPUs' device plugin"
        ),
        "services.*.deploy.resources.reservations.generic_resources": .missing(
            "use a device plugin"
        ),
        "services.*.deploy.resources.reservations.memory": .carried("resources.requests.memory"),
        "services.*.deploy.restart_policy.condition": .carried("restartPolicy"),
        "services.*.deploy.restart_policy.delay": .missing("the kubelet increases the delay"),
        "services.*.deploy.restart_policy.max_attempts": .carried("Job spec.backoffLimit"),
        "services.*.deploy.restart_policy.window": .missing("the kubelet uses ten minutes"),
        "services.*.deploy.rollback_config": .missing("use 'kubectl rollout undo'"),
        "services.*.deploy.update_config.delay": .approximated("spec.minReadySeconds"),
        "services.*.deploy.update_config.failure_action": .missing(
            "a failing update stops; use 'kubectl rollout undo'"
        ),
        "services.*.deploy.update_config.max_failure_ratio": .missing(
            "a failing update stops at the first pod"
        ),
        "services.*.deploy.update_config.monitor": .approximated("spec.minReadySeconds"),
        "services.*.deploy.update_config.order": .carried("strategy.rollingUpdate"),
        "services.*.deploy.update_config.parallelism": .carried("strategy.rollingUpdate"),
    ]

    private static let definitions: [String: Outcome] = [
        "networks.*": .carried("NetworkPolicy"),
        "networks.*.attachable": .missing("set the label of the network on other pods"),
        "networks.*.driver": .missing("the cluster's network plugin applies"),
        "networks.*.driver_opts": .missing("the cluster's network plugin applies"),
        "networks.*.enable_ipv4": .missing("set ipFamilies of the Services in an overlay"),
        "networks.*.enable_ipv6": .missing("set ipFamilies of the Services in an overlay"),
        "networks.*.external": .approximated("a NetworkPolicy for the project's own pods"),
        "networks.*.internal": .carried("NetworkPolicy egress"),
        "networks.*.ipam": .missing("the cluster assigns addresses"),
        "networks.*.labels": .missing("set them on the NetworkPolicy in an overlay"),
        "networks.*.name": .approximated("the key is the name in the project's namespace"),
        "volumes.*": .carried("PersistentVolumeClaim"),
        "volumes.*.driver": .missing("choose a storage class by 'x-kubernetes.class'"),
        "volumes.*.driver_opts": .carried("emptyDir or nfs"),
        "volumes.*.external": .carried("the claim must exist"),
        "volumes.*.labels": .carried("PersistentVolumeClaim metadata.annotations"),
        "volumes.*.name": .approximated("the key is the name in the project's namespace"),
        "volumes.*.x-kubernetes": .carried("see the settings of x-kubernetes"),
        "configs.*.content": .carried("ConfigMap data"),
        "configs.*.environment": .carried("ConfigMap data"),
        "configs.*.external": .carried("the ConfigMap must exist"),
        "configs.*.file": .carried("ConfigMap data"),
        "configs.*.labels": .carried("ConfigMap metadata.annotations"),
        "configs.*.name": .approximated("the key is the name in the project's namespace"),
        "configs.*.template_driver": .missing("templates are not expanded; write the values"),
        "secrets.*.driver": .missing("use an external secrets operator"),
        "secrets.*.driver_opts": .missing("use an external secrets operator"),
        "secrets.*.environment": .carried("Secret data"),
        "secrets.*.external": .carried("the Secret must exist"),
        "secrets.*.file": .carried("Secret data"),
        "secrets.*.labels": .carried("Secret metadata.annotations"),
        "secrets.*.name": .approximated("the key is the name in the project's namespace"),
        "secrets.*.template_driver": .missing("templates are not expanded; write the values"),
    ]
}
