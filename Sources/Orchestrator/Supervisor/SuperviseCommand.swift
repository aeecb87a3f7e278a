/// The hidden command that a supervisor is started with.
public enum SuperviseCommand {
    /// The command's name.
    public static let name = "supervise"
    /// What it says when it listens.
    static let readiness = "ready"
}
