import ImageStore
import Linux

extension RegistryError {
    /// Runs `body`, which may block on disks and locks, on a thread of its own; its error becomes
    /// one about `subject`.
    static func during<Result: Sendable>(
        _ subject: String,
        _ body: @escaping @Sendable () throws(ImageStoreError) -> Result
    ) async throws(RegistryError) -> Result {
        do {
            return try await BackgroundThread.run(body)
        } catch let error as ImageStoreError {
            throw RegistryError(.store(error), in: subject)
        } catch {
            throw RegistryError(transport: error, in: subject)
        }
    }
}

extension ImageStore {
    /// Keeps transferred content from being collected until the last reference is gone; waits
    /// while garbage is being collected.
    func sharedHold(for subject: String) async throws(RegistryError) -> Shared<Hold> {
        try await RegistryError.during(subject) { () throws(ImageStoreError) in
            Shared(try hold())
        }
    }
}
