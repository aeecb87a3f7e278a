import Testing

/// The built program on real projects; tests run serially, since some inspect the whole host.
@Suite(.serialized, .ownRoot, .timeLimit(.minutes(30)))
enum EndToEnd {}
