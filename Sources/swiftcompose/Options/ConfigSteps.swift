import ArgumentParser
import ComposeFile

/// The steps of loading that `config` can leave out.
struct ConfigSteps: ParsableArguments {
    @Flag(help: "Do not check the consistency of the model.")
    var noConsistency = false

    @Flag(help: "Do not resolve service env files.")
    var noEnvResolution = false

    @Flag(help: "Do not interpolate environment variables.")
    var noInterpolate = false

    @Flag(help: "Do not normalize the Compose model.")
    var noNormalize = false

    @Flag(help: "Do not resolve file paths.")
    var noPathResolution = false

    func adjust(_ options: inout LoadOptions) {
        options.interpolates = !noInterpolate
        options.resolvesPaths = !noPathResolution
        options.normalizes = options.normalizes && !noNormalize
        options.checksConsistency = !noConsistency
        options.readsEnvFiles = !noEnvResolution
    }
}
