/// Cuts what a step prints into lines, and keeps the last ones.
struct StepLog {
    private static let kept = 20
    private static let longest = 16 << 10

    private let output: (String, Duration) -> Void
    private let start = ContinuousClock.now
    private var partial: [UInt8] = []
    /// The last lines, each with its time.
    private(set) var last: [String] = []

    init(output: @escaping (String, Duration) -> Void) { self.output = output }

    mutating func add(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            partial += rest[..<end]
            rest = rest[(end + 1)...]
            flush()
        }
        partial += rest
        if partial.count > Self.longest { flush() }
    }

    /// The last line may lack its newline.
    mutating func finish() {
        if !partial.isEmpty { flush() }
    }

    private mutating func flush() {
        if partial.last == UInt8(ascii: "\r") { partial.removeLast() }
        let line = String(decoding: partial, as: UTF8.self)
        partial = []
        let time = ContinuousClock.now - start
        output(line, time)
        last.append("\(time.text(places: 3)) \(line)")
        if last.count > Self.kept { last.removeFirst() }
    }
}
