import ArgumentParser
import ImageBuilder
import ImageStore
import Linux
import Notation
import Orchestrator

struct ImageBuilderPrune: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove the build cache.",
        discussion: """
            Layers of tagged images and their cache records are kept, since they need no further \
            space. Builds limit the cache to 10 GiB by themselves, or to \
            SWIFTCOMPOSE_BUILD_CACHE_LIMIT.
            """
    )

    @Flag(name: .shortAndLong, help: "Also remove the records of layers of tagged images.")
    var all = false

    @Option(help: "until=DURATION: remove only records not used for this long, such as 24h.")
    var filter: String?

    @Option(help: "The space to keep for the cache, such as 5g.")
    var keepStorage: String?

    @Flag(name: .shortAndLong, help: "Accepted for compatibility; there is no prompt.")
    var force = false

    func validate() throws { _ = try limit }

    /// The part of the cache to keep.
    private var limit: CacheLimit {
        get throws {
            var limit = CacheLimit(bytes: 0, keepsLayersOfImages: !all)
            if let keepStorage {
                guard let size = ByteCount(parsing: keepStorage) else {
                    throw ValidationError("--keep-storage \(keepStorage): use bytes, 500m or 5g")
                }
                limit.bytes = size.bytes
            }
            if let filter {
                guard let text = filter.suffix(after: "until="),
                    let age = GoDuration.duration(of: text), age >= .zero
                else {
                    throw ValidationError(
                        "--filter \(filter): use until=DURATION, such as until=24h"
                    )
                }
                limit.age = age
                if keepStorage == nil { limit.bytes = .max }
            }
            return limit
        }
    }

    func run(in session: Session) async throws -> Int32 {
        let host = try session.openHost()
        let limit = try limit
        // Mount caches have no record of their last use and no limit of their own.
        let removesMounts = filter == nil && keepStorage == nil
        let freed = try await BackgroundThread.run {
            try host.pruneBuildCache(beyond: limit, removingMounts: removesMounts)
        }
        guard let freed else {
            throw CommandError.storeBusy
        }
        Output.line("Total reclaimed space: \(DecimalSize.text(freed))")
        return 0
    }
}
