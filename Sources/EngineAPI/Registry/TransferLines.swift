import OCI
import Registry

/// Words the progress of an image's layers as docker does, a line for each change.
struct TransferLines {
    /// The texts of a direction.
    struct Words: Sendable {
        var moving: String
        var present: String
        var done: [String]

        static let pull = Words(
            moving: "Downloading",
            present: "Already exists",
            done: ["Download complete", "Pull complete"]
        )
        static let push = Words(
            moving: "Pushing",
            present: "Layer already exists",
            done: ["Pushed"]
        )
    }

    /// The time between two reports of a layer.
    private static let interval = Duration.milliseconds(100)

    private let words: Words
    /// The digests that are not layers, such as the configuration's.
    private let ignored: Set<Digest>
    /// The layers of the manifest; nil if it is not known.
    private var layers: Set<Digest>?
    private var reports: [Digest: ContinuousClock.Instant] = [:]

    init(_ words: Words, ignoring ignored: Set<Digest> = []) {
        self.words = words
        self.ignored = ignored
    }

    /// The lines for `event`, which happens at `now`.
    mutating func lines(
        for event: TransferEvent,
        at now: ContinuousClock.Instant = .now
    ) -> [JSON] {
        guard case .layer(let digest, let state) = event else {
            if case .manifest(_, let found) = event { layers = Set(found) }
            return []
        }
        guard !ignored.contains(digest), layers?.contains(digest) ?? true else { return [] }
        let id = JSON.string(String(digest.hex.prefix(12)))
        func line(_ status: String) -> JSON {
            ["status": .string(status), "progressDetail": [:], "id": id]
        }
        switch state {
        case .present: return [line(words.present)]
        case .done: return words.done.map(line)
        case .moving(let current, of: let total):
            let last = reports[digest]
            if let last, now - last < Self.interval, current < total { return [] }
            reports[digest] = now
            let moving: JSON = [
                "status": .string(words.moving),
                "progressDetail": ["current": .integer(current), "total": .integer(total)],
                "id": id,
            ]
            let opening = last == nil && words.moving == Words.pull.moving
            return (opening ? [line("Pulling fs layer")] : []) + [moving]
        }
    }
}
