import ImageBuilder
import Linux

/// The live view of a build on a terminal: one line per step, with its time.
struct BuildBoard: Sendable {
    private enum State: Equatable {
        case running
        case done
        case cached
        case failed
        case cancelled
    }

    private struct Row {
        var name: String
        var started: ContinuousClock.Instant
        var ended: ContinuousClock.Instant?
        var state = State.running
    }

    private let started: ContinuousClock.Instant
    private var rows: [Row] = []
    private var index: [BuildEvent.StepID: Int] = [:]

    init(at time: ContinuousClock.Instant) { started = time }

    /// Records an event at `time`.
    mutating func note(_ event: BuildEvent, at time: ContinuousClock.Instant) {
        switch event {
        case .started(let step, let name):
            index[step] = rows.count
            rows.append(Row(name: name.escapedForTerminal(), started: time))
        case .cached(let step): end(step, .cached, at: time)
        case .done(let step, _): end(step, .done, at: time)
        case .failed(let step, let reason):
            end(step, reason == "CANCELED" ? .cancelled : .failed, at: time)
        case .notice, .output: break
        }
    }

    private mutating func end(
        _ step: BuildEvent.StepID,
        _ state: State,
        at time: ContinuousClock.Instant
    ) {
        guard let row = index[step] else { return }
        rows[row].state = state
        rows[row].ended = time
    }

    /// Returns the lines to draw at `time`: a heading, then a step each; at most `height` lines of
    /// at most `width` columns. If they do not fit, the first finished steps are left out.
    func lines(
        width: Int,
        height: Int,
        inColour: Bool,
        at time: ContinuousClock.Instant
    ) -> [String] {
        guard !rows.isEmpty else { return [] }
        let finished = rows.count { $0.state != .running }
        let text = "[+] Building \((time - started).tenths) (\(finished)/\(rows.count))"
        let heading = text.cut(to: width)
        let isComplete = finished == rows.count
        return [isComplete && inColour ? Colour.blue.paint(heading) : heading]
            + folded(to: max(1, height - 1)).map { line($0, width, inColour, time) }
    }

    private func folded(to room: Int) -> [Row] {
        var surplus = rows.count - room
        return rows.filter { row in
            guard surplus > 0, row.state == .done || row.state == .cached else { return true }
            surplus -= 1
            return false
        }.suffix(room)
    }

    private func line(
        _ row: Row,
        _ width: Int,
        _ inColour: Bool,
        _ time: ContinuousClock.Instant
    ) -> String {
        let word =
            switch row.state {
            case .running, .done: ""
            case .cached: "CACHED "
            case .cancelled: "CANCELED "
            case .failed: "ERROR "
            }
        let elapsed = ((row.ended ?? time) - row.started).tenths
        let room = max(0, width - elapsed.count - 5)
        let line = " => \((word + row.name).cut(to: room).padding(to: room)) \(elapsed)"
        guard inColour else { return line }
        return switch row.state {
        case .running: line
        case .done, .cached: Colour.blue.paint(line)
        case .failed: Colour.redBold.paint(line)
        case .cancelled: Colour.yellow.paint(line)
        }
    }
}
