#if arch(x86_64)
import Linux
import OCI
import Testing

@testable import ContainerRuntime

/// The effect of filters on every call number, computed by interpreting the BPF program.
struct SeccompEffectTests {
    /// An interface to the kernel, with the effect of Docker's default profile on each call.
    ///
    /// The numbers were derived from moby/profiles, `seccomp/default.json` as of May 2026, and the
    /// kernel's system call tables. Calls above the profile's highest number fail with ENOSYS.
    struct Interface: Sendable, CustomTestStringConvertible {
        let name: String
        /// Source: kernel, `include/uapi/linux/audit.h`, AUDIT_ARCH_*.
        let architecture: UInt32
        /// Added to each number.
        let offset: UInt32
        let allowed: String
        /// The numbers of socket, clone and personality, which depend on their arguments.
        let conditional: [UInt32]
        /// Numbers above the common ones, which are a part of the interface.
        let own: ClosedRange<UInt32>?

        var testDescription: String { name }
    }

    private static let interfaces = [
        Interface(
            name: "x86-64",
            architecture: 0xC000_003E,
            offset: 0,
            allowed: """
                0-40 42-55 57-102 104-133 137-138 140-152 154 157-162 186-211 213-226 228-235 \
                240-245 247 251-255 257-271 273-278 280-297 299 301-303 305-307 309-311 314-319 322 \
                324-335 424 434 436-437 439 441 444-449 451-458 462-466
                """,
            conditional: [41, 56, 135],
            own: nil
        ),
        // Docker allows 102, socketcall, which reaches the families that its rules refuse.
        Interface(
            name: "i386",
            architecture: 0x4000_0003,
            offset: 0,
            allowed: """
                0-16 19-20 23-24 26-27 29-30 33 36-43 45-47 49-50 54-55 57 60-61 63-66 70-71 75-78 \
                80-83 85 90-97 99-100 104-108 114 116-119 122-126 132-133 138-148 150-165 168 \
                170-187 190-216 218-221 224-250 252 254-263 265-272 277-282 284 289-293 295-309 \
                311-316 318-335 337 339-341 343-345 347-348 351-356 358 360-373 375-386 393-403 \
                405-414 416-424 434 436-437 439 441 444-449 451-458 462-466
                """,
            conditional: [359, 120, 136],
            own: nil
        ),
        Interface(
            name: "x32",
            architecture: 0xC000_003E,
            offset: 0x4000_0000,
            allowed: """
                0-12 14 17-18 21-40 42-44 48-53 57-58 60-100 102 104-126 130 132-133 137-138 \
                140-152 154 157-162 186-204 207-208 210 213 216-221 223-226 228-235 240-243 245 \
                251-255 257-271 275-277 280-294 301-303 305-306 309 314-319 324-326 329-335 424 434 \
                436-437 439 441 444-449 451-458 462-466 512-527 529-532 534-547
                """,
            conditional: [41, 56, 135],
            own: 512...547
        ),
    ]

    private static let allow: UInt32 = 0x7FFF_0000
    private static let notPermitted: UInt32 = 0x0005_0001
    private static let noFunction: UInt32 = 0x0005_0026
    private static let kill: UInt32 = 0x8000_0000

    @Test(arguments: interfaces)
    func `every call has the effect of Docker's default profile`(interface: Interface) throws {
        let names = DefaultSpecification.standardCapabilities
        let filter = try SeccompFilter(DefaultSeccomp.profile(capabilities: names))
        let allowed = Self.numbers(interface.allowed)
        for number in UInt32(0)..<1_100 where !interface.conditional.contains(number) {
            let isKnown = number <= 466 || interface.own?.contains(number) == true
            let expected =
                allowed.contains(number)
                ? Self.allow
                : number == 435 || !isKnown ? Self.noFunction : Self.notPermitted
            let call = Call(interface.architecture, number | interface.offset)
            let effect = try filter.effect(on: call)
            #expect(effect == expected, "\(interface.name) \(number)")
        }
    }

    @Test(arguments: interfaces)
    func `socket, clone and personality depend on their arguments`(interface: Interface) throws {
        let names = DefaultSpecification.standardCapabilities
        let filter = try SeccompFilter(DefaultSeccomp.profile(capabilities: names))
        let rows: [(index: Int, argument: UInt64, isAllowed: Bool)] = [
            (0, 1, true), (0, 2, true), (0, 16, true), (0, 38, false), (0, 39, true),
            (0, 40, false), (0, 41, true), (0, 44, true), (1, 0x11, true), (1, 0x10000, true),
            (1, 0x2_0000, false), (1, 0x1000_0011, false), (1, 0x2000_0011, false), (2, 0, true),
            (2, 8, true), (2, 0xFFFF_FFFF, true), (2, 0x4_0000, false),
        ]
        for row in rows {
            let number = interface.conditional[row.index] | interface.offset
            let effect = try filter.effect(on: Call(interface.architecture, number, row.argument))
            #expect(
                effect == (row.isAllowed ? Self.allow : Self.notPermitted),
                "\(interface.name) \(row)"
            )
        }
    }

    @Test func `io_uring and the calls of other architectures cannot be made`() throws {
        let names = DefaultSpecification.standardCapabilities
        let filter = try SeccompFilter(DefaultSeccomp.profile(capabilities: names))
        for number in UInt32(425)...427 {
            let effect = try filter.effect(on: Call(0xC000_003E, number))
            #expect(effect == Self.notPermitted)
        }
        // AUDIT_ARCH_ARM, AUDIT_ARCH_AARCH64.
        for architecture in [UInt32(0x4000_0028), 0xC000_00B7] {
            let effect = try filter.effect(on: Call(architecture, 0))
            #expect(effect == Self.kill)
        }
    }

    @Test func `a profile from a file answers newer calls with ENOSYS`() throws {
        let filter = try filter(
            """
            {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
             "syscalls": [{"names": ["read", "mkdir"], "action": "SCMP_ACT_ALLOW"}]}
            """
        )
        let effects = try [0, 1, 83, 84, 500].map { try filter.effect(on: Call(0xC000_003E, $0)) }
        #expect(
            effects == [
                Self.allow, Self.notPermitted, Self.allow, Self.noFunction, Self.noFunction,
            ]
        )
        // The interface of x32 is not among the profile's.
        let x32 = try filter.effect(on: Call(0xC000_003E, 0x4000_0000))
        #expect(x32 == Self.kill)
    }

    @Test func `a profile that permits by default permits newer calls`() throws {
        let filter = try filter(
            """
            {"defaultAction": "SCMP_ACT_ALLOW",
             "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_ERRNO"}]}
            """
        )
        let effects = try [83, 500].map { try filter.effect(on: Call(0xC000_003E, $0)) }
        #expect(effects == [Self.notPermitted, Self.allow])
    }

    private func filter(_ text: String) throws -> SeccompFilter {
        let profile = try SeccompProfile(parsing: Array(text.utf8), from: "test")
        return try SeccompFilter(profile.resolved(capabilities: []))
    }

    /// Parses ranges such as `1-3 5`.
    private static func numbers(_ text: String) -> Set<UInt32> {
        text.split(separator: " ").reduce(into: []) { numbers, part in
            let ends = part.split(separator: "-").compactMap { UInt32($0) }
            guard let first = ends.first, let last = ends.last else { return }
            numbers.formUnion(first...last)
        }
    }
}

/// A call as a filter sees it. Source: seccomp(2), `struct seccomp_data`.
private struct Call {
    let words: [UInt32]

    init(_ architecture: UInt32, _ number: UInt32, _ first: UInt64 = 0) {
        words =
            [number, architecture, 0, 0, UInt32(first & 0xFFFF_FFFF), UInt32(first >> 32)]
            + [UInt32](repeating: 0, count: 10)
    }
}

/// The fault of a program that the interpreter does not understand.
private struct InvalidProgram: Error {
    let instruction: Int
}

extension SeccompFilter {
    /// Interprets the program as the kernel does. Source: kernel, `networking/filter.rst`.
    fileprivate func effect(on call: Call) throws -> UInt32 {
        var accumulator: UInt32 = 0
        var place = 0
        while place * 8 + 8 <= program.count {
            let bytes = program[(place * 8)..<(place * 8 + 8)]
            let start = bytes.startIndex
            let operation = UInt16(bytes[start]) | UInt16(bytes[start + 1]) << 8
            let value = bytes[(start + 4)...].reversed().reduce(UInt32(0)) {
                $0 << 8 | UInt32($1)
            }
            func jump(_ condition: Bool) { place += Int(bytes[start + (condition ? 2 : 3)]) }
            switch operation {
            case 0x20: accumulator = call.words[Int(value) / 4]
            case 0x54: accumulator &= value
            case 0x05: place += Int(value)
            case 0x15: jump(accumulator == value)
            case 0x25: jump(accumulator > value)
            case 0x35: jump(accumulator >= value)
            case 0x06: return value
            default: throw InvalidProgram(instruction: place)
            }
            place += 1
        }
        throw InvalidProgram(instruction: place)
    }
}
#endif
