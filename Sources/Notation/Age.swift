/// Durations as docker prints them: rounded, in words.
public enum Age {
    /// `3 seconds`, `About a minute`, `5 hours`, `2 days`. Source: docker/go-units, HumanDuration.
    public static func words(_ duration: Duration) -> String {
        let seconds = Int(max(.zero, duration).components.seconds)
        let (minutes, hours) = (seconds / 60, (seconds + 1800) / 3600)
        return switch true {
        case _ where seconds < 1: "Less than a second"
        case _ where seconds == 1: "1 second"
        case _ where seconds < 60: "\(seconds) seconds"
        case _ where minutes == 1: "About a minute"
        case _ where minutes < 60: "\(minutes) minutes"
        case _ where hours == 1: "About an hour"
        case _ where hours < 48: "\(hours) hours"
        case _ where hours < 24 * 7 * 2: "\(hours / 24) days"
        case _ where hours < 24 * 30 * 2: "\(hours / 24 / 7) weeks"
        case _ where hours < 24 * 365 * 2: "\(hours / 24 / 30) months"
        default: "\(hours / 24 / 365) years"
        }
    }
}
