extension Schema {
    static let dependsOn = Shape.either([
        .uniqueStrings,
        .names(
            .keys(
                [
                    "restart": .boolean,
                    "required": .strictBoolean,
                    "condition": .words([
                        "service_started", "service_healthy", "service_completed_successfully",
                    ]),
                ],
                required: ["condition"]
            ),
            .resource
        ),
    ])

    static let networks = Shape.either([
        .uniqueStrings,
        .names(
            .either([
                .scalar(.null),
                .keys([
                    "aliases": .uniqueStrings,
                    "interface_name": .string,
                    "ipv4_address": .string,
                    "ipv6_address": .string,
                    "link_local_ips": .uniqueStrings,
                    "mac_address": .string,
                    "driver_opts": .options,
                    "priority": .strictNumber,
                    "gw_priority": .strictNumber,
                ]),
            ]),
            .resource
        ),
    ])

    static let models = Shape.either([
        .uniqueStrings,
        .names(
            .either([
                .scalar(.null), .keys(["endpoint_var": .string, "model_var": .string]),
            ]),
            .lenientResource
        ),
    ])

    static let ports = Shape.list(
        .either([
            .strictNumber, .string,
            .keys([
                "name": .string,
                "mode": .string,
                "host_ip": .string,
                "target": .whole,
                "published": .whole,
                "protocol": .string,
                "app_protocol": .string,
            ]),
        ]),
        unique: true
    )

    static let volumes = Shape.list(
        .either([
            .string,
            .keys(
                [
                    "type": .words(["bind", "volume", "tmpfs", "cluster", "npipe", "image"]),
                    "source": .string,
                    "target": .string,
                    "read_only": .boolean,
                    "consistency": .string,
                    "bind": .keys([
                        "propagation": .string,
                        "create_host_path": .boolean,
                        "recursive": .words(["enabled", "disabled", "writable", "readonly"]),
                        "selinux": .words(["z", "Z"]),
                    ]),
                    "volume": .keys([
                        "labels": .variables, "nocopy": .boolean, "subpath": .string,
                    ]),
                    "tmpfs": .keys([
                        "size": .either([.integer(0...Int.max), .string]), "mode": .number,
                    ]),
                    "image": .keys(["subpath": .string]),
                ],
                required: ["type"]
            ),
        ]),
        unique: true
    )

    static let fileReferences = Shape.list(
        .either([
            .string,
            .keys([
                "source": .string, "target": .string, "uid": .string, "gid": .string,
                "mode": .number,
            ]),
        ]),
        unique: false
    )

    static let envFile = Shape.either([
        .string,
        .list(
            .either([
                .string,
                .keys(
                    ["path": .string, "format": .string, "required": .boolean],
                    required: ["path"],
                    extensible: false
                ),
            ]),
            unique: false
        ),
    ])

    static let extraHosts = Shape.either([
        .names(.either([.string, .strings]), .any), .uniqueStrings,
    ])

    static let ulimits = Shape.names(
        .either([
            .whole,
            .keys(["hard": .whole, "soft": .whole], required: ["soft", "hard"]),
        ]),
        .lenientWord
    )

    static let blockIO = Shape.keys(
        [
            "device_read_bps": rates,
            "device_read_iops": rates,
            "device_write_bps": rates,
            "device_write_iops": rates,
            "weight": .whole,
            "weight_device": .list(
                .keys(["path": .string, "weight": .whole], extensible: false),
                unique: false
            ),
        ],
        extensible: false
    )

    private static let rates = Shape.list(
        .keys(["path": .string, "rate": .whole], extensible: false),
        unique: false
    )

    static let provider = Shape.keys(
        [
            "type": .string,
            "options": .names(
                .either([plain, .list(plain, unique: false)]),
                .any
            ),
        ],
        required: ["type"]
    )

    private static let plain = Shape.scalar([.string, .integer, .float, .boolean])
}
