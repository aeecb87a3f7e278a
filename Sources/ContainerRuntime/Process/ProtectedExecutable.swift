import Linux
import SystemPackage

/// Keeps our own program out of a hostile image's reach.
///
/// An image may name `/proc/self/exe` as its program: what execve then opens, and what the image
/// can get hold of, is the file that we run from (CVE-2019-5736). So we run from a place that
/// nobody can write: a detached overlay mount without an upper directory, or a sealed memfd.
public enum ProtectedExecutable {
    /// Returns at once when this program runs protected; else becomes itself again, protected.
    ///
    /// To be called with one thread, before anything else; `arguments` are the program's own.
    public static func ensure(_ arguments: [String]) throws(RuntimeError) {
        let isProtected = try attempt(.execute) { () throws(SystemCallError) in
            try OwnExecutable.isProtected()
        }
        if isProtected { return }
        throw .refused(.execute, reexecute(arguments))
    }

    private static func reexecute(_ arguments: [String]) -> SystemCallError {
        let call = ProgramCall(
            arguments: arguments,
            environment: ProcessEnvironment.variables.map { "\($0)=\($1)" }
        )
        do throws(SystemCallError) {
            return call.execute(try OwnExecutable.openReadOnly())
        } catch {
            do throws(SystemCallError) {
                return call.execute(try OwnExecutable.sealedCopy())
            } catch {
                return error
            }
        }
    }
}
