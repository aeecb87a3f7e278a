import Linux
import SystemPackage

/// Runs `body`, for which one reason to fail is as good as success: what it removes is gone.
func ignoring(
    _ reason: Errno,
    _ body: () throws(SystemCallError) -> Void
) throws(SystemCallError) {
    do throws(SystemCallError) {
        try body()
    } catch  where error.reason == reason {}
}

/// Adds to the kernel's refusal what was being done.
@discardableResult
func doing<Result: ~Copyable>(
    _ action: @autoclosure () -> String,
    _ body: () throws(SystemCallError) -> Result
) throws(NetworkError) -> Result {
    do {
        return try body()
    } catch {
        throw .refused(doing: action(), error)
    }
}
