import ArgumentParser

/// The parts of a project that `config` can print alone.
struct ConfigParts: ParsableArguments {
    enum Part {
        case environment
        case hash(String)
        case images
        case models
        case networks
        case profiles
        case services
        case variables
        case volumes
    }

    /// The notation of the output.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case yaml
        case json
        case table
    }

    @Flag(help: "Print the variables available for interpolation.")
    var environment = false

    @Option(
        help: "Print service configuration hashes, of SERVICE[,SERVICE…] or '*' for all.",
        completion: .declaredServices
    )
    var hash: String?

    @Flag(help: "Print image names, one per line.")
    var images = false

    @Flag(help: "Print model names, one per line.")
    var models = false

    @Flag(help: "Print network names, one per line.")
    var networks = false

    @Flag(help: "Print profile names, one per line.")
    var profiles = false

    @Flag(help: "Print service names, one per line, in dependency order.")
    var services = false

    @Flag(help: "Print the variables that the Compose file uses and their default values.")
    var variables = false

    @Flag(help: "Print volume names, one per line.")
    var volumes = false

    /// The part to print, the first in docker compose's order; nil for the whole model.
    var chosen: Part? {
        if services { return .services }
        if volumes { return .volumes }
        if networks { return .networks }
        if models { return .models }
        if let hash, !hash.isEmpty { return .hash(hash) }
        if profiles { return .profiles }
        if images { return .images }
        if variables { return .variables }
        return environment ? .environment : nil
    }
}
