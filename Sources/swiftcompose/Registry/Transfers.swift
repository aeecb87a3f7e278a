import OCI

/// Transfers of several images side by side, of which one may fail without keeping the others.
enum Transfers {
    /// So many images at once.
    private static let width = 4

    /// Runs `transfer` for each reference; the first error, by order of the references.
    static func run(
        _ references: [ImageReference],
        _ transfer: @escaping @Sendable (ImageReference) async throws -> Void
    ) async -> (any Error)? {
        await withTaskGroup(of: (Int, (any Error)?).self) { group in
            var failures: [Int: any Error] = [:]
            var waiting = references.enumerated().makeIterator()
            func begin() {
                guard let (number, reference) = waiting.next() else { return }
                group.addTask {
                    do {
                        try await transfer(reference)
                        return (number, nil)
                    } catch {
                        return (number, error)
                    }
                }
            }
            for _ in 0..<width { begin() }
            while let (number, failure) = await group.next() {
                failures[number] = failure
                begin()
            }
            return failures.min { $0.key < $1.key }?.value
        }
    }
}
