/// How long a command waits for a sign of life of the supervisor.
enum SupervisorPatience {
    /// After this time a warning reports that the supervisor does not answer.
    static let untilNotice = Duration.seconds(2)
    /// Within this time a keeper replaces a supervisor that was killed.
    static let untilRevived = Duration.milliseconds(200)
}
