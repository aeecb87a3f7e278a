import CLinux
import Glibc
import SystemPackage

/// A program's arguments and environment in the form execve(2) requires.
///
/// It is prepared before the process is cloned, which then has little left to do.
@safe public final class ProgramCall {
    private var arguments: [UnsafeMutablePointer<CChar>?]
    private var environment: [UnsafeMutablePointer<CChar>?]

    /// `environment` consists of `NAME=value` strings.
    public init(arguments: [String], environment: [String] = []) {
        unsafe self.arguments = unsafe Self.words(arguments)
        unsafe self.environment = unsafe Self.words(environment)
    }

    private static func words(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe texts.map { unsafe strdup($0) } + [nil]
    }

    deinit {
        for place in unsafe arguments.indices { unsafe free(arguments[place]) }
        for place in unsafe environment.indices { unsafe free(environment[place]) }
    }

    /// Adds `NAME=value` to the environment.
    public func add(variable: String) {
        unsafe environment[environment.count - 1] = unsafe strdup(variable)
        unsafe environment.append(nil)
    }

    /// Executes the program at `path`; returns only on failure.
    public func execute(_ path: String) -> SystemCallError {
        _ = unsafe clinux_execve(path, arguments, environment)
        return SystemCallError(call: "execve", subject: path, reason: Errno(rawValue: errno))
    }

    /// Executes the program that `descriptor` refers to; returns only on failure.
    public func execute(_ descriptor: borrowing Descriptor) -> SystemCallError {
        let number = descriptor.number
        _ = unsafe clinux_fexecve(number, arguments, environment)
        return SystemCallError(
            call: "execveat",
            subject: "descriptor \(number)",
            reason: Errno(rawValue: errno)
        )
    }
}
