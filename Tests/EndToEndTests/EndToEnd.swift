import Testing

/// The built program on real projects, one test after the other: each looks at the whole machine.
@Suite(.serialized, .ownRoot, .timeLimit(.minutes(30)))
enum EndToEnd {}
