extension String {
    /// What follows `prefix`, or nil when the text starts otherwise.
    package func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
