/// The values of the global options.
struct GlobalSettings: Sendable, Equatable {
    var files: [String] = []
    var projectName: String?
    var projectDirectory: String?
    var envFiles: [String] = []
    var profiles: [String] = []
    var ansi: ANSIMode?
    var progress: ProgressMode?
    var parallel: Int?
    var compatibility = false
    var allResources = false
    var dryRun = false
    var workdir: String?
    var noAnsi = false
    var verbose = false
}
