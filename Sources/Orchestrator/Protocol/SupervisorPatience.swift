/// How long a command waits for a sign of life of the supervisor.
enum SupervisorPatience {
    /// After this time a warning reports that the supervisor does not answer.
    static let untilNotice = Duration.seconds(2)
}
