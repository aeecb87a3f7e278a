import Linux
import OCI
import SystemPackage

/// A step whose inputs are available: its cache keys, and the function that performs it.
struct PreparedStep {
    /// The digest of the last command of the result.
    var command: OCI.Digest?
    /// The key derived from the identities of the inputs; nil if only their content identifies
    /// them.
    var quickKey: OCI.Digest?
    /// The key derived from the content of the inputs.
    var key: () throws(SystemCallError) -> OCI.Digest
    /// The file of a context that the step reads and that was modified last.
    var newestFile: () throws(SystemCallError) -> StepExecutor.NewestFile? = {
        () throws(SystemCallError) in nil
    }
    /// Works in an empty directory and returns the upper directory it filled; nil if nothing
    /// changes.
    var perform: (FilePath) throws(BuildError) -> FilePath?
}
