public import Linux
import SystemPackage

extension ContainerPaths {
    /// Makes the FIFO of the container's input unless it is there.
    func makeStandardInput() throws(SystemCallError) {
        do throws(SystemCallError) {
            try FileSystem.makeFIFO(standardInput, mode: 0o600)
        } catch  where error.reason == .fileExists {
            return
        }
    }

    /// Opens the container's input for a command that is attached, before or while it runs.
    ///
    /// For reading as well, so that nobody is killed for writing to a container that has ended.
    public func openStandardInput() throws(SystemCallError) -> Descriptor {
        try makeStandardInput()
        return try Descriptor.open(standardInput, [.readingAndWriting, .nonBlocking])
    }
}
