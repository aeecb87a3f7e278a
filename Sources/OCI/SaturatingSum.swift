extension FixedWidthInteger {
    /// The sum, or the nearest bound of the type: sizes in documents may be any number.
    public func addingSaturated(_ other: Self) -> Self {
        let (sum, overflows) = addingReportingOverflow(other)
        guard overflows else { return sum }
        return other < 0 ? .min : .max
    }
}
