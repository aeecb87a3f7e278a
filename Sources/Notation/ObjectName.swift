/// The rule for names of containers, networks and volumes, some of which become file names.
///
/// Source: moby, `names.RestrictedNamePattern`.
public enum ObjectName {
    /// The rule as shown in messages.
    public static let rule = "[a-zA-Z0-9][a-zA-Z0-9_.-]*"

    /// Whether `text` starts with an ASCII letter or digit and continues with these, `_`, `.`, `-`.
    public static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isASCIILetterOrDigit else { return false }
        return text.utf8.allSatisfy { $0.isASCIILetterOrDigit || "_.-".utf8.contains($0) }
    }
}

/// The rule for names of networks, which Docker allows to contain spaces.
public enum NetworkName {
    /// Whether `text` consists of object names separated by single spaces.
    public static func isValid(_ text: String) -> Bool {
        text.split(separator: " ", omittingEmptySubsequences: false)
            .allSatisfy { ObjectName.isValid(String($0)) }
    }
}

/// The rule for names of network interfaces.
public enum InterfaceName {
    /// The rule as shown in messages.
    public static let rule = "1 to 15 of letters, digits, '_', '.' and '-'"

    /// Whether `text` is accepted by the kernel and needs no quoting in nftables and procfs paths.
    ///
    /// Source: Linux, `dev_valid_name`, which in addition accepts characters such as `*`, a wildcard
    /// in nftables.
    public static func isValid(_ text: String) -> Bool {
        (1...15).contains(text.utf8.count) && text != "." && text != ".."
            && text.utf8.allSatisfy { $0.isASCIILetterOrDigit || "_.-".utf8.contains($0) }
    }
}

extension UInt8 {
    fileprivate var isASCIILetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
