import ArgumentParser

/// Options of `build` that scripts written for docker compose give and that change nothing here.
struct IgnoredBuildOptions: ParsableArguments {
    @Option(help: "Without effect: there is one builder.")
    var builder: String?

    @Option(name: .shortAndLong, help: "Without effect, as with BuildKit.")
    var memory: String?

    @Option(help: "Without effect: no attestations are made.")
    var provenance: String?

    @Option(help: "Without effect: no attestations are made.")
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

    /// Whether an attestation is asked for.
    var attests: Bool {
        [provenance, sbom].compactMap(\.self).contains { !["", "false"].contains($0.lowercased()) }
    }
}
