import ArgumentParser
import ImageStore
import Linux
import OCI

struct ImageInspect: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Print the details of images as JSON."
    )

    @Argument(help: "Image names, IDs or unique ID prefixes.", completion: .images)
    var images: [String]

    func run(in session: Session) throws -> Int32 {
        let store = try session.openImages()
        let all = try store.images()
        let found = try images.map { name in
            let image = try session.image(named: name, in: store)
            let names = all.filter { $0.image.id == image.id }
                .compactMap { $0.reference?.familiar }
            return Inspection(image: image, names: names)
        }
        Output.line(JSONText.indented(found))
        return 0
    }

    /// The fields of `docker image inspect`.
    private struct Inspection: Encodable {
        var image: Image
        var names: [String]

        private enum CodingKeys: String, CodingKey {
            case id = "Id"
            case repoTags = "RepoTags"
            case repoDigests = "RepoDigests"
            case created = "Created"
            case author = "Author"
            case architecture = "Architecture"
            case variant = "Variant"
            case os = "Os"
            case size = "Size"
            case config = "Config"
            case rootFS = "RootFS"
            case history = "History"
        }

        private struct RootFS: Encodable {
            var layers: [Digest]

            private enum CodingKeys: String, CodingKey {
                case type = "Type"
                case layers = "Layers"
            }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode("layers", forKey: .type)
                try container.encode(layers, forKey: .layers)
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(image.id, forKey: .id)
            try container.encode(names, forKey: .repoTags)
            try container.encode([image.manifest.digest], forKey: .repoDigests)
            try container.encodeIfPresent(image.configuration.created, forKey: .created)
            try container.encodeIfPresent(image.configuration.author, forKey: .author)
            try container.encode(image.platform.architecture, forKey: .architecture)
            try container.encodeIfPresent(image.platform.variant, forKey: .variant)
            try container.encode(image.platform.os, forKey: .os)
            try container.encode(image.size, forKey: .size)
            try container.encode(image.configuration.config, forKey: .config)
            try container.encode(RootFS(layers: image.layers.map(\.diffID)), forKey: .rootFS)
            try container.encode(image.configuration.history, forKey: .history)
        }
    }
}
