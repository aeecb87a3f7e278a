import ArgumentParser

/// How commands that create containers come by their images.
struct ImageOptions: ParsableArguments {
    enum PullPolicy: String, ExpressibleByArgument {
        case always
        case missing
        case never
        case build
        case policy
    }

    @Flag(help: "Build first, even if an image exists.")
    var build = false

    @Flag(help: "Never build.")
    var noBuild = false

    @Option(help: "When to ask the registry: always, missing, never; policy follows the file.")
    var pull = PullPolicy.policy

    @Flag(help: "No build output.")
    var quietBuild = false

    @Flag(help: "No pull progress.")
    var quietPull = false

    func validate() throws {
        if build && noBuild { throw CommandError.contradiction("--build", "--no-build") }
    }
}
