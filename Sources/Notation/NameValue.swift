extension StringProtocol {
    /// The text after `prefix`; nil if the text begins differently.
    public func suffix(after prefix: some StringProtocol) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }

    /// Splits `NAME=VALUE` at the first equals sign; the value is nil without one.
    public var nameAndValue: (name: String, value: String?) {
        guard let separator = utf8.firstIndex(of: UInt8(ascii: "=")) else {
            return (String(self), nil)
        }
        return (String(self[..<separator]), String(self[utf8.index(after: separator)...]))
    }
}
