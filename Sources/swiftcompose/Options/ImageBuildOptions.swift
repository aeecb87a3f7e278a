import ArgumentParser

/// The options of `image build` that describe the image.
struct ImageBuildOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("file")],
        help: "Name of the Dockerfile (default: PATH/Dockerfile).",
        completion: .file()
    )
    var file: String?

    @Option(
        name: [.short, .customLong("tag")],
        parsing: .singleValue,
        help: "Image name, NAME[:TAG]; repeatable."
    )
    var tags: [String] = []

    @Option(help: "Set the target build stage to build (default: the last).")
    var target: String?

    @Option(
        name: .customLong("build-arg"),
        parsing: .singleValue,
        help: "Set a build-time variable (NAME[=VALUE]); repeatable."
    )
    var arguments: [String] = []

    @Option(
        name: .customLong("build-context"),
        parsing: .singleValue,
        help: "Additional build context (NAME=DIRECTORY|NAME=docker-image://IMAGE); repeatable."
    )
    var contexts: [String] = []

    @Option(
        name: .customLong("label"),
        parsing: .singleValue,
        help: "Set metadata for the image (NAME=VALUE); repeatable."
    )
    var labels: [String] = []

    @Option(
        name: .customLong("secret"),
        parsing: .singleValue,
        help: "Secret to expose to the build (id=ID,src=FILE|id=ID,env=NAME); repeatable."
    )
    var secrets: [String] = []

    @Option(
        name: .customLong("ssh"),
        parsing: .singleValue,
        help: "SSH agent socket to expose to the build (default|ID=SOCKET); repeatable."
    )
    var agents: [String] = []

    @Option(
        name: .customLong("add-host"),
        parsing: .singleValue,
        help: "Add a host-to-IP mapping for RUN steps (NAME:ADDRESS); repeatable."
    )
    var hosts: [String] = []

    @Option(
        name: .customLong("allow"),
        parsing: .singleValue,
        help: "Entitlement to grant (network.host|security.insecure); repeatable."
    )
    var grants: [String] = []

    @Option(help: "Network of RUN instructions during the build (default|none|host).")
    var network: String?

    @Option(help: "Target platform of the build, e.g., linux/amd64.")
    var platform: String?

    @Option(name: .customLong("shm-size"), help: "Size of /dev/shm in RUN steps, e.g., 64m.")
    var sharedMemory: String?

    @Option(
        name: .customLong("ulimit"),
        parsing: .singleValue,
        help: "Ulimit of RUN steps (NAME=SOFT[:HARD]); repeatable."
    )
    var limits: [String] = []

    @Flag(name: .customLong("no-cache"), help: "Do not use the cache when building the image.")
    var ignoresCache = false

    @Option(
        name: .customLong("no-cache-filter"),
        parsing: .singleValue,
        help: "Do not cache the given stage; repeatable."
    )
    var uncachedStages: [String] = []

    @Flag(name: .customLong("pull"), help: "Always attempt to pull newer versions of base images.")
    var pullsAlways = false

    @Argument(help: "Build context directory.", completion: .directory)
    var path: String
}
