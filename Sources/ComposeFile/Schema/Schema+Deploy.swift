extension Schema {
    static let deploy = Shape.either([
        .scalar(.null),
        .keys([
            "mode": .string,
            "endpoint_mode": .string,
            "replicas": .whole,
            "labels": .variables,
            "rollback_config": updateConfig,
            "update_config": updateConfig,
            "resources": .keys(["limits": limits, "reservations": reservations]),
            "restart_policy": .keys([
                "condition": .string,
                "delay": .string,
                "max_attempts": .whole,
                "window": .string,
            ]),
            "placement": .keys([
                "constraints": .strings,
                "preferences": .list(.keys(["spread": .string]), unique: false),
                "max_replicas_per_node": .whole,
            ]),
        ]),
    ])

    private static let updateConfig = Shape.keys([
        "parallelism": .whole,
        "delay": .string,
        "failure_action": .string,
        "monitor": .string,
        "max_failure_ratio": .number,
        "order": .words(["start-first", "stop-first"]),
    ])

    private static let limits = Shape.keys([
        "cpus": .number, "memory": .string, "pids": .whole,
    ])

    private static let reservations = Shape.keys([
        "cpus": .number,
        "memory": .string,
        "generic_resources": .list(
            .keys([
                "discrete_resource_spec": .keys(["kind": .string, "value": .number])
            ]),
            unique: false
        ),
        "devices": .list(.keys(deviceRequest, required: ["capabilities"]), unique: false),
    ])

    static let deviceRequest: [String: Shape] = [
        "capabilities": .uniqueStrings,
        "count": .whole,
        "device_ids": .uniqueStrings,
        "driver": .string,
        "options": .variables,
    ]
}
