import OCI

/// The date of an HTTP header field. Source: RFC 9110, section 5.6.7.
enum HTTPDate {
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Converts `Sun, 06 Nov 1994 08:49:37 GMT` to the time since 1970; nil for any other form.
    static func duration(_ text: String) -> Duration? {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 6, parts[5] == "GMT", let date = Int64(parts[1]),
            let month = months.firstIndex(of: parts[2]), let year = Int64(parts[3])
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int64($0) }
        guard time.count == 3, (1...31).contains(date), (1970...9999).contains(year),
            (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2])
        else { return nil }
        let day = Calendar.day(year: year, month: Int64(month) + 1, date: date)
        return .seconds(day * 86_400 + time[0] * 3600 + time[1] * 60 + time[2])
    }
}
