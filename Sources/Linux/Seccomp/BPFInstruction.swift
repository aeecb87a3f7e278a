/// An instruction of classic BPF. Source: kernel, `networking/filter.rst`.
struct BPFInstruction: Equatable {
    private var operation: UInt16
    private var ifTrue: UInt8 = 0
    private var ifFalse: UInt8 = 0
    private var value: UInt32
    /// The branch that leaves the rule; its distance is set by `failing(to:)`.
    private var failure: Branch?

    private enum Branch {
        case ifTrue
        case ifFalse
    }

    /// Loads four bytes of `struct seccomp_data`: number, architecture or arguments.
    static func load(offset: UInt32) -> Self { Self(operation: 0x20, value: offset) }
    static func and(_ mask: UInt32) -> Self { Self(operation: 0x54, value: mask) }
    static func answer(_ code: UInt32) -> Self { Self(operation: 0x06, value: code) }
    static func jump(over count: UInt32) -> Self { Self(operation: 0x05, value: count) }

    static func jumpIfEqual(_ value: UInt32, then: UInt8, else other: UInt8) -> Self {
        Self(operation: 0x15, ifTrue: then, ifFalse: other, value: value)
    }

    static func jumpIfAtLeast(_ value: UInt32, then: UInt8, else other: UInt8) -> Self {
        Self(operation: 0x35, ifTrue: then, ifFalse: other, value: value)
    }

    static func jumpIfGreater(_ value: UInt32, then: UInt8, else other: UInt8) -> Self {
        Self(operation: 0x25, ifTrue: then, ifFalse: other, value: value)
    }

    /// The same instruction, leaving the rule if the comparison is false.
    var orFail: Self {
        var copy = self
        copy.failure = .ifFalse
        return copy
    }

    /// The same instruction, leaving the rule if the comparison is true.
    var failing: Self {
        var copy = self
        copy.failure = .ifTrue
        return copy
    }

    /// Sets the distance to the end of the rule.
    func failing(to distance: Int) -> Self {
        var copy = self
        switch failure {
        case .ifTrue: copy.ifTrue = UInt8(distance)
        case .ifFalse: copy.ifFalse = UInt8(distance)
        case nil: break
        }
        return copy
    }

    /// The encoded instruction, in the machine's byte order.
    var bytes: [UInt8] {
        let (code, constant) = (operation, value)
        return [UInt8(code & 0xFF), UInt8(code >> 8), ifTrue, ifFalse]
            + (0..<4).map { UInt8(constant >> (8 * $0) & 0xFF) }
    }
}

extension SeccompFilter.Condition {
    /// Instructions that fall through if the condition is true. Arguments have 64 bits, BPF words
    /// 32.
    var test: [BPFInstruction] {
        let (low, high) = (16 + 8 * argument, 20 + 8 * argument)
        let words = { (value: UInt64) in (UInt32(value >> 32), UInt32(value & 0xFFFF_FFFF)) }
        switch comparison {
        case .equal(let value):
            let (upper, lower) = words(value)
            return [
                .load(offset: high), .jumpIfEqual(upper, then: 0, else: 0).orFail,
                .load(offset: low), .jumpIfEqual(lower, then: 0, else: 0).orFail,
            ]
        case .notEqual(let value):
            let (upper, lower) = words(value)
            return [
                .load(offset: high), .jumpIfEqual(upper, then: 0, else: 2),
                .load(offset: low), .jumpIfEqual(lower, then: 0, else: 0).failing,
            ]
        case .masked(let mask, let value):
            let ((upper, lower), (upperMask, lowerMask)) = (words(value), words(mask))
            return [
                .load(offset: high), .and(upperMask),
                .jumpIfEqual(upper, then: 0, else: 0).orFail,
                .load(offset: low), .and(lowerMask),
                .jumpIfEqual(lower, then: 0, else: 0).orFail,
            ]
        case .greater(let value), .greaterOrEqual(let value):
            let (upper, lower) = words(value)
            let last =
                isStrict
                ? BPFInstruction.jumpIfGreater(lower, then: 0, else: 0)
                : .jumpIfAtLeast(lower, then: 0, else: 0)
            return [
                .load(offset: high), .jumpIfGreater(upper, then: 3, else: 0),
                .jumpIfEqual(upper, then: 0, else: 0).orFail, .load(offset: low), last.orFail,
            ]
        case .less(let value), .lessOrEqual(let value):
            let (upper, lower) = words(value)
            let last =
                isStrict
                ? BPFInstruction.jumpIfAtLeast(lower, then: 0, else: 0)
                : .jumpIfGreater(lower, then: 0, else: 0)
            return [
                .load(offset: high), .jumpIfGreater(upper, then: 0, else: 0).failing,
                .jumpIfEqual(upper, then: 0, else: 2), .load(offset: low), last.failing,
            ]
        }
    }

    private var isStrict: Bool {
        switch comparison {
        case .less, .greater: true
        default: false
        }
    }
}
