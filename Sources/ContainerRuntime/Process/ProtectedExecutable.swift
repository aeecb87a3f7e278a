import Linux
import SystemPackage

/// Protects this program's executable from a hostile image.
///
/// An image may name `/proc/self/exe` as its program: execve(2) then opens the file that this
/// program runs from, and the image can reopen it (CVE-2019-5736). So this program runs from a file
/// that no process can write: on a detached overlay mount without an upper directory, or in a
/// sealed memfd.
public enum ProtectedExecutable {
    /// Returns if this program runs protected; otherwise executes it again, protected.
    ///
    /// Called before anything else, with one thread; `arguments` are the program's own.
    public static func ensure(_ arguments: [String]) throws(RuntimeError) {
        let isProtected = try RuntimeError.during(.execute, OwnExecutable.isProtected())
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
