/// The names of the labels that identify a project's resources.
///
/// Source: docker compose, the `com.docker.compose` namespace.
public enum ComposeLabel {
    static let prefix = "com.docker.compose."
    public static let project = "com.docker.compose.project"
    public static let service = "com.docker.compose.service"
    public static let version = "com.docker.compose.version"
    public static let configHash = "com.docker.compose.config-hash"
    public static let containerNumber = "com.docker.compose.container-number"
    /// `pre_start` for an init container.
    public static let hook = "com.docker.compose.hook"
    public static let oneOff = "com.docker.compose.oneoff"
    public static let image = "com.docker.compose.image"
    public static let dependsOn = "com.docker.compose.depends_on"
    public static let workingDirectory = "com.docker.compose.project.working_dir"
    public static let configFiles = "com.docker.compose.project.config_files"
    public static let slug = "com.docker.compose.slug"
    public static let replace = "com.docker.compose.replace"
    public static let network = "com.docker.compose.network"
    public static let volume = "com.docker.compose.volume"
}
