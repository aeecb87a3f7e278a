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
    enum Format: String, ExpressibleByArgument {
        case yaml
        case json
        case table
    }

    @Flag(help: "Print the variables that the file can use.")
    var environment = false

    @Option(help: "Print the hashes of the named services, separated by commas; '*' is all.")
    var hash: String?

    @Flag(help: "Print the images, one a line.")
    var images = false

    @Flag(help: "Print the AI models, one a line.")
    var models = false

    @Flag(help: "Print the networks' keys, one a line.")
    var networks = false

    @Flag(help: "Print the profiles, one a line.")
    var profiles = false

    @Flag(help: "Print the services' names, one a line, in the order in which they start.")
    var services = false

    @Flag(help: "Print the variables that the file uses, with their defaults.")
    var variables = false

    @Flag(help: "Print the volumes' keys, one a line.")
    var volumes = false

    /// The part to print; nil is the whole. Of several the first in docker compose's order.
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
