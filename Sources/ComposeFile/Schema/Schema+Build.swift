import Notation

extension Schema {
    static let build = Shape.either([
        .string,
        .keys([
            "context": .string,
            "dockerfile": .string,
            "dockerfile_inline": .string,
            "entitlements": .strings,
            "args": .variables,
            "ssh": .variables,
            "labels": .variables,
            "cache_from": .strings,
            "cache_to": .strings,
            "no_cache": .boolean,
            "no_cache_filter": .stringOrStrings,
            "additional_contexts": .variables,
            "network": .string,
            "provenance": .boolean,
            "sbom": .boolean,
            "pull": .boolean,
            "target": .string,
            "shm_size": .whole,
            "extra_hosts": extraHosts,
            "isolation": .string,
            "privileged": .boolean,
            "secrets": fileReferences,
            "tags": .strings,
            "ulimits": ulimits,
            "platforms": .strings,
        ]),
    ])

    static let develop = Shape.either([
        .scalar(.null),
        .keys([
            "watch": .list(
                .keys(
                    [
                        "ignore": .stringOrStrings,
                        "include": .stringOrStrings,
                        "path": .string,
                        "action": .words([
                            "rebuild", "sync", "restart", "sync+restart", "sync+exec",
                        ]),
                        "target": .string,
                        "exec": hook,
                        "initial_sync": .strictBoolean,
                    ],
                    required: ["path", "action"]
                ),
                unique: false
            )
        ]),
    ])

    static let hook = Shape.keys(hookKeys, required: ["command"])

    static let initHook = Shape.keys(
        hookKeys.merging(["image": .string, "per_replica": .boolean]) { $1 }
    )

    private static let hookKeys: [String: Shape] = [
        "command": .command,
        "user": .string,
        "privileged": .boolean,
        "working_dir": .string,
        "environment": .variables,
    ]

    /// Whether a string contains a valid container name.
    static func isContainerName(_ text: String) -> Bool {
        zip(text.utf8, text.utf8.dropFirst()).contains { first, second in
            isAlphanumeric(first) && (isAlphanumeric(second) || [45, 46, 95].contains(second))
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 97...122, 65...90, 48...57: true
        default: false
        }
    }

    /// Whether a string is a valid pull policy, or may be one once its variables are interpolated.
    static func isPullPolicy(_ text: String) -> Bool {
        if text.contains("$") { return mentionsPullPolicy(text) }
        guard case .every(let age)? = PullPolicy(text) else { return PullPolicy(text) != nil }
        return GoDuration.duration(of: age, units: .withDaysAndWeeks) != nil
    }

    /// Whether a string matches the specification's pattern, which is not anchored: with
    /// `--no-interpolate`, `${POLICY:-always}` is valid and `${POLICY}` is not.
    private static func mentionsPullPolicy(_ text: String) -> Bool {
        let words = [
            "always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly",
        ]
        return words.contains { text.contains($0) }
            || text.contains(#/every_([0-9]+[wdhms])+/#)
    }
}
