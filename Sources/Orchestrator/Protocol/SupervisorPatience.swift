/// How long a command waits for a sign of life of the supervisor.
enum SupervisorPatience {
    /// After this time the user is told that the supervisor does not answer.
    static let untilNotice = Duration.seconds(2)
}
