import SystemPackage

/// File events reduced to the distinct locations that must be examined.
struct EventDeduplicator {
    struct Place: Hashable {
        let watch: FileWatcher.Watch
        let name: FilePath.Component
    }

    var places: [Place] = []
    var rewritten: Set<Place> = []
    /// Directories that were removed or moved.
    var lost: Set<FileWatcher.Watch> = []
    var isIncomplete = false

    init(_ events: [FileWatcher.Event]) {
        var known: Set<Place> = []
        for event in events {
            guard let watch = event.watch else {
                isIncomplete = true
                continue
            }
            if let name = event.name {
                let place = Place(watch: watch, name: name)
                if known.insert(place).inserted { places.append(place) }
                if event.change.contains(.modified) { rewritten.insert(place) }
            } else if !event.change.isDisjoint(with: [.removed, .movedAway]) {
                lost.insert(watch)
            }
        }
    }
}
