import Linux
import OCI

/// The supervisor's own log, `supervisor.log`, which is its standard error.
enum SupervisorLog {
    static func write(_ message: String) {
        StandardStream.error.write(Array("\(Timestamp.now.nineDigits) \(message)\n".utf8))
    }
}
