import SystemPackage
import Testing

@testable import Linux

/// Compiles rules and interprets the programs as the kernel would.
struct SeccompFilterTests {
    private static let allow: UInt32 = 0x7FFF_0000
    private static let refuse: UInt32 = 0x0005_0001

    #if arch(x86_64)
    private static let native: UInt32 = 0xC000_003E
    private static let numbers: [String: UInt32] = ["read": 0, "socket": 41, "clone": 56]
    #else
    private static let native: UInt32 = 0xC000_00B7
    private static let numbers: [String: UInt32] = ["read": 63, "socket": 198, "clone": 220]
    #endif

    @Test func `the default action applies to a call without a rule`() throws {
        let filter = try SeccompFilter(
            default: .fail(.notPermitted),
            rules: [SeccompFilter.Rule("read", .allow), SeccompFilter.Rule("clone", .allow)]
        )
        #expect(answer(filter, "read") == Self.allow)
        #expect(answer(filter, "socket") == Self.refuse)
    }

    @Test func `a filter without rules is valid`() throws {
        #expect(answer(try SeccompFilter(default: .allow, rules: []), "read") == Self.allow)
    }

    @Test func `a call of another architecture kills the process`() throws {
        let filter = try SeccompFilter(default: .allow, rules: [])
        let call = Call(number: 0, architecture: 0x1234, arguments: [])
        #expect(Machine(filter).run(call) == 0x8000_0000)
    }

    @Test func `a rule for an unknown call is skipped`() throws {
        let rules = [
            SeccompFilter.Rule("no_such_call", .allow), SeccompFilter.Rule("read", .allow),
        ]
        let filter = try SeccompFilter(default: .killProcess, rules: rules)
        #expect(answer(filter, "read") == Self.allow)
    }

    @Test func `a rule without conditions overrides conditional ones`() throws {
        let rules = [
            SeccompFilter.Rule("clone", .allow, when: [.init(argument: 0, .equal(1))]),
            SeccompFilter.Rule("clone", .allow),
        ]
        let filter = try SeccompFilter(default: .fail(.notPermitted), rules: rules)
        #expect(answer(filter, "clone", 99) == Self.allow)
    }

    @Test(
        arguments: [
            (SeccompFilter.Comparison.equal(40), UInt64(40), true), (.equal(40), 41, false),
            (.equal(40), 40 + 1 << 32, false), (.equal(1 << 40), 1 << 40, true),
            (.notEqual(40), 40, false), (.notEqual(40), 41, true),
            (.notEqual(40), 40 | 1 << 33, true), (.greater(5), 5, false), (.greater(5), 6, true),
            (.greater(5), 1 << 32, true), (.greater(1 << 32), 7, false),
            (.greaterOrEqual(5), 5, true), (.greaterOrEqual(5), 4, false),
            (.less(5), 4, true), (.less(5), 5, false), (.less(5), 1 << 32, false),
            (.less(1 << 32), 0xFFFF_FFFF, true), (.lessOrEqual(5), 5, true),
            (.lessOrEqual(5), 6, false), (.masked(0x7E02_0000, equals: 0), 0x11, true),
            (.masked(0x7E02_0000, equals: 0), 0x0100_0011, true),
            (.masked(0x7E02_0000, equals: 0), 0x2000_0000, false),
            (.masked(1 << 32 | 1, equals: 1), 3, true),
        ] as [(SeccompFilter.Comparison, UInt64, Bool)]
    )
    func `arguments are compared in all 64 bits`(
        comparison: SeccompFilter.Comparison,
        argument: UInt64,
        holds: Bool
    ) throws {
        let rule = SeccompFilter.Rule(
            "socket",
            .allow,
            when: [.init(argument: 1, comparison), .init(argument: 2, .equal(7))]
        )
        let filter = try SeccompFilter(default: .fail(.notPermitted), rules: [rule])
        #expect(answer(filter, "socket", 0, argument, 7) == (holds ? Self.allow : Self.refuse))
        #expect(answer(filter, "socket", 0, argument, 8) == Self.refuse)
    }

    @Test func `a condition on a seventh argument is refused`() {
        for argument in [6, UInt32.max] {
            let condition = SeccompFilter.Condition(argument: argument, .equal(0))
            let error = #expect(throws: SystemCallError.self) {
                try SeccompFilter(
                    default: .allow,
                    rules: [.init("socket", .killProcess, when: [condition])]
                )
            }
            #expect(error?.reason == .invalidArgument)
        }
    }

    @Test func `a filter longer than the kernel's limit is refused`() {
        let conditions = (UInt64(0)..<2000).map { value in
            SeccompFilter.Rule("socket", .killProcess, when: [.init(argument: 0, .equal(value))])
        }
        let error = #expect(throws: SystemCallError.self) {
            try SeccompFilter(default: .allow, rules: conditions)
        }
        #expect(error?.reason == .argListTooLong)
    }

    @Test func `several conditional rules for one call are all evaluated`() throws {
        let rules = [UInt64(0), 8, 0x2_0000].map { value in
            SeccompFilter.Rule("clone", .allow, when: [.init(argument: 0, .equal(value))])
        }
        let filter = try SeccompFilter(default: .fail(.notPermitted), rules: rules)
        for value in [UInt64(0), 8, 0x2_0000] {
            #expect(answer(filter, "clone", value) == Self.allow)
        }
        #expect(answer(filter, "clone", 9) == Self.refuse)
    }

    @Test(arguments: [1, 2, 3, 120, 700, 3000])
    func `each call gets its own action for any number of ranges`(count: Int) throws {
        let answers: [SeccompFilter.Action] = [.allow, .fail(.notPermitted), .log, .killProcess]
        let condition = SeccompFilter.Condition(argument: 0, .equal(7))
        let ranges = (0..<count).map { index in
            let rules =
                index % 7 == 3 ? [SeccompFilter.Rule("any", .trap, when: [condition])] : []
            return SeccompAssembly.Range(
                first: UInt32(index * 2),
                outcome: .init(conditional: rules, otherwise: answers[index * index % 11 % 4])
            )
        }
        let code = SeccompSection(ranges).code
        let machine = Machine(SeccompFilter(program: code.flatMap(\.bytes)))
        for number in UInt32(0)..<UInt32(count * 2) {
            let outcome = ranges[Int(number) / 2].outcome
            let call = Call(number: number, architecture: Self.native, arguments: [1])
            #expect(machine.run(call) == outcome.otherwise.code)
            guard !outcome.conditional.isEmpty else { continue }
            let special = Call(number: number, architecture: Self.native, arguments: [7])
            #expect(machine.run(special) == SeccompFilter.Action.trap.code)
        }
    }

    private func answer(_ filter: SeccompFilter, _ name: String, _ arguments: UInt64...) -> UInt32?
    {
        guard let number = Self.numbers[name] else { return nil }
        return Machine(filter).run(
            Call(number: number, architecture: Self.native, arguments: arguments)
        )
    }

    private struct Call {
        var number: UInt32
        var architecture: UInt32
        var arguments: [UInt64]

        /// The four bytes at an offset of the kernel's `seccomp_data`.
        func word(at offset: UInt32) -> UInt32 {
            switch offset {
            case 0: return number
            case 4: return architecture
            default:
                let index = Int(offset - 16) / 8
                let argument = arguments.indices.contains(index) ? arguments[index] : 0
                return UInt32(truncatingIfNeeded: offset % 8 == 0 ? argument : argument >> 32)
            }
        }
    }

    /// The subset of classic BPF that the programs use.
    private struct Machine {
        let program: [UInt8]

        init(_ filter: SeccompFilter) { program = filter.program }

        func run(_ call: Call) -> UInt32? {
            var (position, accumulator) = (0, UInt32(0))
            while position * 8 < program.count {
                let bytes = program[(position * 8)..<(position * 8 + 8)].map(UInt32.init)
                let value = bytes[4] | bytes[5] << 8 | bytes[6] << 16 | bytes[7] << 24
                position += 1
                let jump = { (holds: Bool) in Int(holds ? bytes[2] : bytes[3]) }
                switch bytes[0] {
                case 0x20: accumulator = call.word(at: value)
                case 0x54: accumulator &= value
                case 0x05: position += Int(value)
                case 0x15: position += jump(accumulator == value)
                case 0x25: position += jump(accumulator > value)
                case 0x35: position += jump(accumulator >= value)
                case 0x06: return value
                default: return nil
                }
            }
            return nil
        }
    }
}
