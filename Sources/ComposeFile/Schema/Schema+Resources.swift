extension Schema {
    static let network = Shape.either([
        .scalar(.null),
        .keys([
            "name": .string,
            "driver": .string,
            "driver_opts": .options,
            "ipam": ipam,
            "external": external,
            "internal": .boolean,
            "enable_ipv4": .boolean,
            "enable_ipv6": .boolean,
            "attachable": .boolean,
            "labels": .variables,
        ]),
    ])

    private static let ipam = Shape.keys([
        "driver": .string,
        "config": .list(
            .keys([
                "subnet": .string,
                "ip_range": .string,
                "gateway": .string,
                "aux_addresses": .names(.string, .any),
            ]),
            unique: false
        ),
        "options": .names(.string, .any),
    ])

    static let volume = Shape.either([
        .scalar(.null),
        .keys([
            "name": .string,
            "driver": .string,
            "driver_opts": .options,
            "external": external,
            "labels": .variables,
        ]),
    ])

    static let secret = Shape.keys([
        "name": .string,
        "environment": .string,
        "file": .string,
        "external": openExternal,
        "labels": .variables,
        "driver": .string,
        "driver_opts": .options,
        "template_driver": .string,
    ])

    static let config = Shape.keys([
        "name": .string,
        "content": .string,
        "environment": .string,
        "file": .string,
        "external": openExternal,
        "labels": .variables,
        "template_driver": .string,
    ])

    static let model = Shape.keys(
        [
            "name": .string,
            "model": .string,
            "context_size": .scalar(.integer),
            "runtime_flags": .strings,
        ],
        required: ["model"]
    )

    private static let external = Shape.either([.boolean, .keys(["name": .string])])
    private static let openExternal = Shape.either([.boolean, .keys(["name": .string], open: true)])
}
