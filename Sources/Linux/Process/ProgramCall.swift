import CLinux
import Glibc
import SystemPackage

/// A program's arguments and environment in the shape that execve(2) takes.
///
/// Can be made before the process that becomes the program, which then has little left to do.
@safe public final class ProgramCall {
    private var arguments: [UnsafeMutablePointer<CChar>?]
    private var environment: [UnsafeMutablePointer<CChar>?]

    /// `environment` has the form `NAME=value`.
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

    /// Becomes the program at `path`; returns only with the reason why it could not.
    public func execute(_ path: String) -> SystemCallError {
        _ = unsafe clinux_execve(path, arguments, environment)
        return SystemCallError(call: "execve", subject: path, reason: Errno(rawValue: errno))
    }

    /// Becomes the program that `descriptor` has open; returns only with the reason why not.
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
