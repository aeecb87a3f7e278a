/// A step of the parser through a stream.
enum YAMLEvent {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(Scalar)
    case sequenceStart(Properties)
    case sequenceEnd
    case mappingStart(Properties)
    case mappingEnd

    /// What may be written before a node.
    struct Properties {
        var anchor: String?
        /// Short (`!!str`), nil when absent or the non-specific `!`.
        var tag: String?
    }

    struct Scalar {
        var properties: Properties
        var text: String
        /// Written without quotes and not as a block.
        var isPlain: Bool
    }
}
