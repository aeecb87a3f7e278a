import ArgumentParser
import ComposeFile

/// The steps of loading that `config` can leave out.
struct ConfigSteps: ParsableArguments {
    @Flag(help: "Skip the checks of references between parts of the file.")
    var noConsistency = false

    @Flag(help: "Leave the env files of services unread.")
    var noEnvResolution = false

    @Flag(help: "Leave variables as they are written.")
    var noInterpolate = false

    @Flag(help: "Leave defaults and names unsaid.")
    var noNormalize = false

    @Flag(help: "Leave relative paths as they are written.")
    var noPathResolution = false

    func adjust(_ options: inout LoadOptions) {
        options.interpolates = !noInterpolate
        options.resolvesPaths = !noPathResolution
        options.normalizes = options.normalizes && !noNormalize
        options.checksConsistency = !noConsistency
        options.readsEnvFiles = !noEnvResolution
    }
}
