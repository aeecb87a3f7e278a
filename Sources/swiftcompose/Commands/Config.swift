import ArgumentParser
import ComposeFile
import Linux
import SystemPackage
import YAML

struct Config: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Validate the Compose file and print it in canonical form.",
        aliases: ["convert"]
    )

    var usesContainers: Bool { false }

    @OptionGroup var steps: ConfigSteps
    @OptionGroup var parts: ConfigParts

    @Option(
        help: """
            Explain where the value of a variable, or of an attribute SERVICE.KEY, comes from; \
            without a name, all variables.
            """,
        completion: .explainable
    )
    var explain: String?

    @Option(help: "Format of the output (yaml|json).")
    var format: ConfigParts.Format?

    @Option(
        name: .shortAndLong,
        help: "Save to a file (default: standard output).",
        completion: .file()
    )
    var output: String?

    @Flag(name: .shortAndLong, help: "Validate the configuration without printing anything.")
    var quiet = false

    @Flag(help: "Also warn of valid but probably unintended settings.")
    var lint = false

    @Flag(help: "Print an override file with image digests.")
    var lockImageDigests = false

    @Flag(help: "Pin image tags to digests.")
    var resolveImageDigests = false

    @Argument(
        help: "Services to render, with their dependencies (default: all).",
        completion: .declaredServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        if let explain {
            for origin in try session.origins(of: explain, steps) {
                let lines = format == .json ? [JSONText.line(origin)] : origin.lines
                for line in lines { Output.line(line.escapedForTerminal()) }
            }
            return 0
        }
        if let part = parts.chosen {
            let listing = ConfigListing(session: session, steps: steps, services: services)
            let lines = try listing.lines(of: part, format: format)
            if !quiet { for line in lines { Output.line(line) } }
            return 0
        }
        let text = try await model(in: session)
        if quiet { return 0 }
        if let output {
            try FileSystem.write(text, into: FilePath(output))
        } else {
            StandardStream.output.write(text.utf8)
        }
        return 0
    }

    private func model(in session: Session) async throws -> String {
        if steps.noInterpolate {
            let tree = try session.loadTree(steps.adjust)
            let isNormalised = !steps.noNormalize && !session.global.compatibility
            let model = tree.model(normalised: isNormalised)
            return text(of: try await pinned(model, tree.mentions, session))
        }
        var project = try session.loadProject(
            services: services,
            keepsUnused: lint,
            steps.adjust
        )
        try session.reportingErrors { () throws(ComposeErrors) in
            if steps.noEnvResolution { try project.checkEnvFiles(session.files) }
        }
        if lint {
            session.show(project.lint())
            if !session.global.allResources { project.dropUnusedResources() }
        }
        let value = format == .json ? project.canonicalJSON : project.canonicalYAML
        let mentions = project.orderedServices.compactMap { service in
            service.image.map { image in
                ImagePins.Mention(image: image, location: service.location(of: "image"))
            }
        }
        return text(of: try await pinned(value, mentions, session)).replacing("$", with: "$$")
    }

    /// Returns the model with digests, or only with them, if requested.
    private func pinned(
        _ model: Value,
        _ mentions: [ImagePins.Mention],
        _ session: Session
    ) async throws -> Value {
        guard lockImageDigests || resolveImageDigests else { return model }
        let pinned = try await ImagePins(of: mentions, in: session).applied(to: model)
        return lockImageDigests ? pinned.imagesOnly : pinned
    }

    private func text(of value: Value) -> String {
        format == .json ? value.json : value.yaml
    }
}

extension LoadedTree {
    /// The images of the tree's services.
    fileprivate var mentions: [ImagePins.Mention] {
        let services = root.mapping?["services"]?.mapping
        return services?.compactMap { entry in
            guard let image = entry.value.mapping?["image"], let text = image.string else {
                return nil
            }
            return ImagePins.Mention(image: text, location: image.location)
        } ?? []
    }
}
