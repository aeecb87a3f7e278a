/// How long a command waits for an answer of the supervisor.
enum SupervisorPatience {
    /// After this time a warning reports that the supervisor does not answer.
    static let untilNotice = Duration.seconds(2)
    /// Within this time a keeper replaces a supervisor that was killed.
    static let untilRevived = Duration.milliseconds(200)
}
