import ArgumentParser

/// Options of `build` that are accepted for docker compose's scripts and have no effect.
struct IgnoredBuildOptions: ParsableArguments {
    @Option(help: "Accepted and ignored: there is a single builder.")
    var builder: String?

    @Option(name: .shortAndLong, help: "Accepted and ignored, as BuildKit does.")
    var memory: String?

    @Option(help: "Accepted and ignored: attestations are not supported.")
    var provenance: String?

    @Option(help: "Accepted and ignored: attestations are not supported.")
    var sbom: String?

    @Option(help: .hidden)
    var progress: String?

    @Flag(help: .hidden)
    var compress = false

    @Flag(help: .hidden)
    var forceRm = false

    @Flag(help: .hidden)
    var noRm = false

    @Flag(help: .hidden)
    var parallel = false

    /// Whether an attestation is requested.
    var attests: Bool {
        [provenance, sbom].compactMap(\.self).contains { !["", "false"].contains($0.lowercased()) }
    }
}
