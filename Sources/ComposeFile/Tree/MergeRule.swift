/// An exception to the general rule of merging two values.
///
/// Source: Compose Specification, merge; docker compose's rules for each attribute.
enum MergeRule {
    /// The later value, even null, replaces the earlier one.
    case replace
    /// Both are converted to lists of `key=value` and concatenated.
    case list
    /// As `list`, without entries that are present already.
    case listWithoutRepeats
    /// A string is the context of a build.
    case build
    /// A list of names is a mapping with default entries.
    case dependencies
    /// A list of names is a mapping with empty entries.
    case names
    /// Options are merged if the driver is the same.
    case logging
    /// Entries with the same subnet are merged.
    case subnets

    static let table = PathTable<MergeRule>([
        "networks.*.ipam.config": .subnets,
        "networks.*.labels": .list,
        "volumes.*.labels": .list,
        "services.*.annotations": .list,
        "services.*.build": .build,
        "services.*.build.args": .list,
        "services.*.build.additional_contexts": .list,
        "services.*.build.extra_hosts": .listWithoutRepeats,
        "services.*.build.labels": .list,
        "services.*.command": .replace,
        "services.*.depends_on": .dependencies,
        "services.*.deploy.labels": .list,
        "services.*.dns": .list,
        "services.*.dns_opt": .list,
        "services.*.dns_search": .list,
        "services.*.entrypoint": .replace,
        "services.*.env_file": .list,
        "services.*.label_file": .list,
        "services.*.environment": .list,
        "services.*.extra_hosts": .listWithoutRepeats,
        "services.*.healthcheck.test": .replace,
        "services.*.labels": .list,
        "services.*.volumes.*.volume.labels": .list,
        "services.*.logging": .logging,
        "services.*.models": .names,
        "services.*.networks": .names,
        "services.*.sysctls": .list,
        "services.*.tmpfs": .list,
        "services.*.ulimits.*": .replace,
    ])
}
