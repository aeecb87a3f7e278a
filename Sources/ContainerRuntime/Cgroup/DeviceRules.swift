import OCI

/// The device rules of a container; the last match decides.
enum DeviceRules {
    typealias Rule = RuntimeSpecification.DeviceRule

    /// The specification's rules, or denial of everything without any, followed by the default
    /// devices of every container.
    static func complete(_ rules: [Rule]?) -> [Rule] {
        (rules ?? [Rule(allow: false)]) + always
    }

    /// Access to null, zero, full, random, urandom, tty, console, ptmx and the terminals of devpts.
    ///
    /// Any node may be created, which does not permit opening it.
    private static let always: [Rule] =
        [
            Rule(allow: true, type: "c", access: "m"), Rule(allow: true, type: "b", access: "m"),
        ]
        + [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 1), (5, 2)].map { major, minor in
            Rule(allow: true, type: "c", major: major, minor: minor, access: "rwm")
        } + [Rule(allow: true, type: "c", major: 136, access: "rwm")]

    /// The text of a rule for `devices.allow` or `devices.deny`. Source: `cgroup-v1/devices.rst`.
    static func line(_ rule: Rule) -> String {
        let type = rule.type ?? "a"
        if type == "a" && rule.major == nil && rule.minor == nil { return "a" }
        let (major, minor) = (number(rule.major), number(rule.minor))
        return "\(type) \(major):\(minor) \(rule.access ?? "rwm")"
    }

    private static func number(_ number: Int64?) -> String {
        guard let number, number >= 0 else { return "*" }
        return "\(number)"
    }
}

/// A BPF program that returns 1 for a device access that the rules allow, and 0 otherwise.
///
/// Source: kernel, `include/uapi/linux/bpf.h`, `bpf_cgroup_dev_ctx`.
struct DeviceProgram: Equatable {
    private(set) var instructions: [UInt64] = []

    init(_ rules: [RuntimeSpecification.DeviceRule]) {
        // r2 = type, r3 = access, r4 = major, r5 = minor.
        instructions = [
            Self.load(2, offset: 0), Self.move(3, from: 2), Self.shiftRight(3, by: 16),
            Self.and(2, 0xFFFF), Self.load(4, offset: 4), Self.load(5, offset: 8),
        ]
        // The last match decides, so the rules are tested in reverse order. The kernel rejects a
        // program with unreachable instructions, so it ends at a rule that matches everything.
        for rule in rules.reversed() {
            append(rule)
            if Self.tests(rule).isEmpty { return }
        }
        instructions += [Self.move(0, value: 1), Self.exit]
    }

    private mutating func append(_ rule: RuntimeSpecification.DeviceRule) {
        let tests = Self.tests(rule)
        instructions += tests.enumerated().map { index, test in
            // Jumps over the remaining tests and the two instructions of the result.
            test.isJump ? test.word | UInt64(tests.count - index - 1 + 2) << 16 : test.word
        }
        instructions += [Self.move(0, value: rule.allow ? 1 : 0), Self.exit]
    }

    private struct Test {
        var word: UInt64
        /// Whether the instruction jumps when the rule does not match; its distance is set later.
        var isJump: Bool
    }

    private static func tests(_ rule: RuntimeSpecification.DeviceRule) -> [Test] {
        var tests: [Test] = []
        switch rule.type {
        case "b": tests.append(Test(word: jumpUnlessEqual(2, 1), isJump: true))
        case "c": tests.append(Test(word: jumpUnlessEqual(2, 2), isJump: true))
        default: break
        }
        let access = bits(rule.access ?? "rwm")
        if access != 7 {
            tests.append(Test(word: move(1, from: 3), isJump: false))
            tests.append(Test(word: and(1, Int32(access)), isJump: false))
            // An allow rule matches only if it covers all requested access, a deny rule if it
            // covers any of it.
            let jump = rule.allow ? jumpUnlessSame(1, 3) : jumpIfEqual(1, 0)
            tests.append(Test(word: jump, isJump: true))
        }
        if let major = rule.major, major >= 0 {
            tests.append(
                Test(word: jumpUnlessEqual(4, Int32(truncatingIfNeeded: major)), isJump: true)
            )
        }
        if let minor = rule.minor, minor >= 0 {
            tests.append(
                Test(word: jumpUnlessEqual(5, Int32(truncatingIfNeeded: minor)), isJump: true)
            )
        }
        return tests
    }

    private static func bits(_ access: String) -> UInt8 {
        access.reduce(0) { bits, letter in
            switch letter {
            case "m": bits | 1
            case "r": bits | 2
            case "w": bits | 4
            default: bits
            }
        }
    }

    private static func word(
        _ code: UInt64,
        _ target: UInt64,
        source: UInt64 = 0,
        offset: UInt64 = 0,
        value: Int32 = 0
    ) -> UInt64 {
        code | target << 8 | source << 12 | offset << 16
            | UInt64(UInt32(bitPattern: value)) << 32
    }

    private static func load(_ target: UInt64, offset: UInt64) -> UInt64 {
        word(0x61, target, source: 1, offset: offset)
    }
    private static func move(_ target: UInt64, from source: UInt64) -> UInt64 {
        word(0xBC, target, source: source)
    }
    private static func move(_ target: UInt64, value: Int32) -> UInt64 {
        word(0xB7, target, value: value)
    }
    private static func shiftRight(_ target: UInt64, by bits: Int32) -> UInt64 {
        word(0x74, target, value: bits)
    }
    private static func and(_ target: UInt64, _ mask: Int32) -> UInt64 {
        word(0x54, target, value: mask)
    }
    private static func jumpUnlessEqual(_ register: UInt64, _ value: Int32) -> UInt64 {
        word(0x55, register, value: value)
    }
    private static func jumpIfEqual(_ register: UInt64, _ value: Int32) -> UInt64 {
        word(0x15, register, value: value)
    }
    private static func jumpUnlessSame(_ first: UInt64, _ second: UInt64) -> UInt64 {
        word(0x5D, first, source: second)
    }
    private static let exit: UInt64 = 0x95
}
