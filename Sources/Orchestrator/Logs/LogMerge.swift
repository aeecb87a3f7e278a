import Linux

/// Merges the logs of several containers in chronological order.
final class LogMerge {
    private struct Head {
        var time: Int64
        var cursor: Int

        func comesBefore(_ other: Head) -> Bool {
            time != other.time ? time < other.time : cursor < other.cursor
        }
    }

    private(set) var cursors: [LogCursor] = []
    private var heap: [Head] = []
    private let options: LogOptions

    init(_ sources: [LogSource], _ options: LogOptions) {
        self.options = options
        for source in sources { add(source, options) }
    }

    func add(_ source: LogSource, _ options: LogOptions) {
        cursors.append(LogCursor(source, place: cursors.count, options: options))
    }

    var isFinished: Bool { cursors.allSatisfy(\.isFinished) }

    /// Delivers the lines that the given cursors have now; returns true if there were any.
    func deliver(
        _ places: some Sequence<Int>,
        to onLine: (LogLine) throws -> Void
    ) throws -> Bool {
        heap.removeAll(keepingCapacity: true)
        for place in places where !cursors[place].isFinished {
            try cursors[place].beginRound()
            if try cursors[place].next() {
                heap.append(Head(time: cursors[place].time, cursor: place))
                rise(from: heap.count - 1)
            }
        }
        let found = !heap.isEmpty
        while let first = heap.first { try deliverRun(of: first.cursor, to: onLine) }
        return found
    }

    /// Delivers lines of one log while no other log has an older one.
    private func deliverRun(of place: Int, to onLine: (LogLine) throws -> Void) throws {
        let cursor = cursors[place]
        let rival = nextBest
        while let line = cursor.line() {
            try onLine(line)
            guard try cursor.next() else {
                removeFirst()
                return
            }
            let head = Head(time: cursor.time, cursor: place)
            if let rival, rival.comesBefore(head) {
                heap[0] = head
                sink()
                return
            }
        }
    }

    private var nextBest: Head? {
        guard heap.count > 2 else { return heap.count > 1 ? heap[1] : nil }
        return heap[1].comesBefore(heap[2]) ? heap[1] : heap[2]
    }

    private func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        sink()
    }

    private func rise(from place: Int) {
        var place = place
        while place > 0, heap[place].comesBefore(heap[(place - 1) / 2]) {
            heap.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private func sink() {
        var place = 0
        while true {
            var least = place
            for child in [2 * place + 1, 2 * place + 2] where child < heap.count {
                if heap[child].comesBefore(heap[least]) { least = child }
            }
            if least == place { return }
            heap.swapAt(place, least)
            place = least
        }
    }
}
