import Linux
public import OCI

extension Timestamp {
    /// The current time.
    public static var now: Timestamp {
        let (seconds, nanoseconds) = WallClock.now()
        return Timestamp(seconds: seconds, nanoseconds: nanoseconds)
    }

    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        .seconds(left.seconds - right.seconds)
            + .nanoseconds(Int64(left.nanoseconds) - Int64(right.nanoseconds))
    }
}
