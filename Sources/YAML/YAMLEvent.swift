/// An event of the parser.
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

    /// The properties of a node.
    struct Properties {
        var anchor: String?
        /// The tag in short form (`!!str`); nil if absent or the non-specific `!`.
        var tag: String?
    }

    struct Scalar {
        var properties: Properties
        var text: String
        /// Whether it is written without quotes and not as a block.
        var isPlain: Bool
    }
}
