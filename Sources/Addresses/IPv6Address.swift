/// An IPv6 address.
public struct IPv6Address: Hashable, Sendable {
    /// The address as a number, most significant byte first.
    public var rawValue: UInt128

    public init(rawValue: UInt128) { self.rawValue = rawValue }

    /// Parses every form of RFC 4291, section 2.2, without a zone; nil for any other text.
    public init?(_ text: some StringProtocol) {
        guard let groups = Self.groups(String(text)) else { return nil }
        self.init(rawValue: groups.reduce(0) { $0 << 16 | UInt128($1) })
    }

    /// The sixteen bytes in network order.
    public var bytes: [UInt8] {
        (0..<16).map { UInt8(truncatingIfNeeded: rawValue >> (120 - 8 * $0)) }
    }

    /// `::1`.
    public var isLoopback: Bool { rawValue == 1 }

    private static func groups(_ text: String) -> [UInt16]? {
        guard let gap = text.firstIndexOfDoubleColon else {
            let groups = plainGroups(text[...])
            return groups?.count == 8 ? groups : nil
        }
        let (head, tail) = (text[..<gap], text[gap...].dropFirst(2))
        guard let front = head.isEmpty ? [] : plainGroups(head, mayEndInIPv4: false),
            let back = tail.isEmpty ? [] : plainGroups(tail), front.count + back.count < 8
        else { return nil }
        return front + Array(repeating: 0, count: 8 - front.count - back.count) + back
    }

    private static func plainGroups(_ text: Substring, mayEndInIPv4: Bool = true) -> [UInt16]? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, let last = IPv4Address(part) {
                groups.append(UInt16(last.rawValue >> 16))
                groups.append(UInt16(truncatingIfNeeded: last.rawValue))
            } else {
                guard (1...4).contains(part.utf8.count), part.allSatisfy(\.isHexDigit),
                    let group = UInt16(part, radix: 16)
                else { return nil }
                groups.append(group)
            }
        }
        return groups
    }
}

extension IPv6Address: CustomStringConvertible {
    /// The canonical text of RFC 5952: lower case, the longest run of zeroes shortened.
    public var description: String {
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: rawValue >> (112 - 16 * $0)) }
        let texts = groups.map { String($0, radix: 16) }
        guard let run = longestRunOfZeroes(groups) else { return texts.joined(separator: ":") }
        let head = texts[..<run.lowerBound].joined(separator: ":")
        let tail = texts[run.upperBound...].joined(separator: ":")
        return "\(head)::\(tail)"
    }

    private func longestRunOfZeroes(_ groups: [UInt16]) -> Range<Int>? {
        var best = 0..<0
        var start = 0
        for index in groups.indices {
            if groups[index] != 0 { start = index + 1 }
            if index + 1 - start > best.count { best = start..<index + 1 }
        }
        return best.count > 1 ? best : nil
    }
}

extension String {
    fileprivate var firstIndexOfDoubleColon: String.Index? {
        indices.first { self[$0...].hasPrefix("::") }
    }
}
