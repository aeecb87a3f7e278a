import ImageStore
import Linux

/// Keeps what is being transferred from being collected; lives until `end()`.
final class StoreHold: Sendable {
    private let hold: ImageStore.Hold

    private init(_ hold: consuming ImageStore.Hold) { self.hold = hold }

    /// Waits on a thread of its own while garbage is being collected.
    static func take(
        _ store: ImageStore,
        for subject: String
    ) async throws(RegistryError) -> StoreHold {
        try await RegistryError.blocking(
            { () throws(ImageStoreError) in
                StoreHold(try store.hold())
            },
            in: subject
        )
    }

    /// To be called last: until then this object has a user and therefore lives.
    func end() {}
}

extension RegistryError {
    /// Runs what waits for disks and locks on a thread of its own.
    static func blocking<Result: Sendable>(
        _ body: @escaping @Sendable () throws(ImageStoreError) -> Result,
        in subject: String
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
