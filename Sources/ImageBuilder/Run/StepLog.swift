import Linux

/// Splits the output of a step into lines and keeps the last ones.
struct StepLog {
    private static let kept = 20

    private let output: (String, Duration) -> Void
    private let start = ContinuousClock.now
    private var lines = LineBuffer(limit: 16 << 10)
    /// The last lines, each with its time.
    private(set) var last: [String] = []

    init(output: @escaping (String, Duration) -> Void) { self.output = output }

    mutating func add(_ bytes: [UInt8]) {
        for line in lines.add(bytes) { show(line[...]) }
    }

    /// The last line may lack its newline.
    mutating func finish() {
        if let rest = lines.takeRest() { show(rest[...]) }
    }

    private mutating func show(_ bytes: ArraySlice<UInt8>) {
        let isTerminated = bytes.last == UInt8(ascii: "\r")
        let line = String(decoding: isTerminated ? bytes.dropLast() : bytes, as: UTF8.self)
        let time = ContinuousClock.now - start
        output(line, time)
        last.append("\(time.text(places: 3)) \(line)")
        if last.count > Self.kept { last.removeFirst() }
    }
}
