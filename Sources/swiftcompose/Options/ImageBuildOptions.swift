import ArgumentParser

/// The options of `image build` that describe the image.
struct ImageBuildOptions: ParsableArguments {
    @Option(
        name: [.short, .customLong("file")],
        help: "The Dockerfile; 'PATH/Dockerfile' if not given."
    )
    var file: String?

    @Option(
        name: [.short, .customLong("tag")],
        parsing: .singleValue,
        help: "A name for the image; repeatable."
    )
    var tags: [String] = []

    @Option(help: "The stage to build; the last if not given.")
    var target: String?

    @Option(
        name: .customLong("build-arg"),
        parsing: .singleValue,
        help: "NAME=VALUE for ARG, or NAME to take it from the environment; repeatable."
    )
    var arguments: [String] = []

    @Option(
        name: .customLong("build-context"),
        parsing: .singleValue,
        help: "NAME=DIRECTORY or NAME=docker-image://IMAGE for --from and FROM; repeatable."
    )
    var contexts: [String] = []

    @Option(
        name: .customLong("label"),
        parsing: .singleValue,
        help: "NAME=VALUE to put into the image; repeatable."
    )
    var labels: [String] = []

    @Option(
        name: .customLong("secret"),
        parsing: .singleValue,
        help: "id=ID,src=FILE or id=ID,env=NAME for RUN --mount=type=secret; repeatable."
    )
    var secrets: [String] = []

    @Option(
        name: .customLong("ssh"),
        parsing: .singleValue,
        help: "default or ID=SOCKET for RUN --mount=type=ssh; repeatable."
    )
    var agents: [String] = []

    @Option(
        name: .customLong("add-host"),
        parsing: .singleValue,
        help: "NAME:ADDRESS or NAME=ADDRESS for /etc/hosts in steps; repeatable."
    )
    var hosts: [String] = []

    @Option(
        name: .customLong("allow"),
        parsing: .singleValue,
        help: "Grant security.insecure or network.host; repeatable."
    )
    var grants: [String] = []

    @Option(help: "The network of RUN steps: default, none or host.")
    var network: String?

    @Option(help: "What the image is to run on, such as linux/amd64.")
    var platform: String?

    @Option(name: .customLong("shm-size"), help: "The size of /dev/shm in steps, such as 64m.")
    var sharedMemory: String?

    @Option(
        name: .customLong("ulimit"),
        parsing: .singleValue,
        help: "NAME=SOFT[:HARD] for steps; repeatable."
    )
    var limits: [String] = []

    @Flag(name: .customLong("no-cache"), help: "Run every step again.")
    var ignoresCache = false

    @Option(
        name: .customLong("no-cache-filter"),
        parsing: .singleValue,
        help: "Run the steps of this stage again; repeatable."
    )
    var uncachedStages: [String] = []

    @Flag(name: .customLong("pull"), help: "Look for newer base images in their registries.")
    var pullsAlways = false

    @Argument(help: "The directory that COPY and ADD read.")
    var path: String
}
