public import Linux
import SystemPackage

extension ContainerPaths {
    /// Creates the FIFO of the container's input unless it exists.
    func makeStandardInput() throws(SystemCallError) {
        do throws(SystemCallError) {
            try FileSystem.makeFIFO(standardInput, mode: 0o600)
        } catch  where error.reason == .fileExists {
            return
        }
    }

    /// Opens the container's input for an attached command, before or while the container runs.
    ///
    /// For reading as well, so that writing to an exited container does not raise SIGPIPE.
    public func openStandardInput() throws(SystemCallError) -> Descriptor {
        try makeStandardInput()
        return try Descriptor.open(standardInput, [.readingAndWriting, .nonBlocking])
    }
}
