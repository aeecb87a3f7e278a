/// Ends a command that has already printed its error with an exit status.
struct ExitStatusError: Error {
    var code: Int32
}
