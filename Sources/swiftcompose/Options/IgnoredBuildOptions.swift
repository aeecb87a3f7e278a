import ArgumentParser

/// Options of `build` that are accepted for docker compose's scripts and have no effect.
struct IgnoredBuildOptions: ParsableArguments {
    @Option(help: "Has no effect: there is a single builder.")
    var builder: String?

    @Option(name: .shortAndLong, help: "Has no effect, as with BuildKit.")
    var memory: String?

    @Option(help: "Has no effect: attestations are not supported.")
    var provenance: String?

    @Option(help: "Has no effect: attestations are not supported.")
    var sbom: String?

    @Flag(help: .hidden)
    var compress = false

    @Flag(help: .hidden)
    var forceRm = false

    @Flag(help: .hidden)
    var noRm = false

    @Flag(help: .hidden)
    var parallel = false

    /// The options by name, with whether each was given.
    var given: [(name: String, isSet: Bool)] {
        [
            ("--builder", builder.map { $0 != "default" } ?? false), ("--memory", memory != nil),
            ("--compress", compress), ("--force-rm", forceRm), ("--no-rm", noRm),
            ("--parallel", parallel),
        ]
    }

    /// Whether an attestation is requested.
    var attests: Bool {
        [provenance, sbom].compactMap(\.self).contains { !["", "false"].contains($0.lowercased()) }
    }
}
