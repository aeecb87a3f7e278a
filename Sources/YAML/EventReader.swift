import CYAML

/// A reader of the events of a stream, using libyaml.
///
/// libyaml keeps pointers to its input and to its own parser, so both stay on the heap for the
/// lifetime of the reader.
@safe struct EventReader: ~Copyable {
    let file: String
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    /// The start of the last event.
    private(set) var location: SourceLocation

    init(_ bytes: [UInt8], file: String) {
        self.file = file
        location = SourceLocation(file: file, line: 1, column: 1)
        unsafe input = .allocate(capacity: bytes.count)
        _ = unsafe input.initialize(fromContentsOf: bytes)
        unsafe parser = .allocate(capacity: 1)
        let ready = unsafe yaml_parser_initialize(parser)
        precondition(ready == 1, "out of memory for a YAML parser")
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    /// Returns the next event; must not be called again after the end of the stream or an error.
    mutating func next() throws(YAMLError) -> YAMLEvent {
        var raw = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &raw) == 1 else { throw error() }
        defer { unsafe yaml_event_delete(&raw) }
        location = unsafe location(raw.start_mark)
        return unsafe event(raw)
    }

    /// Skips the next node.
    mutating func skipNode() throws(YAMLError) {
        var depth = 0
        repeat {
            var raw = unsafe yaml_event_t()
            guard unsafe yaml_parser_parse(parser, &raw) == 1 else { throw error() }
            switch unsafe raw.type {
            case YAML_MAPPING_START_EVENT, YAML_SEQUENCE_START_EVENT: depth += 1
            case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: depth -= 1
            default: break
            }
            unsafe yaml_event_delete(&raw)
        } while depth > 0
    }

    private func event(_ raw: yaml_event_t) -> YAMLEvent {
        switch unsafe raw.type {
        case YAML_STREAM_START_EVENT: .streamStart
        case YAML_DOCUMENT_START_EVENT: .documentStart
        case YAML_DOCUMENT_END_EVENT: .documentEnd
        case YAML_ALIAS_EVENT: .alias(unsafe string(raw.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT: .scalar(unsafe scalar(raw.data.scalar))
        case YAML_SEQUENCE_START_EVENT:
            .sequenceStart(
                unsafe properties(raw.data.sequence_start.anchor, raw.data.sequence_start.tag)
            )
        case YAML_SEQUENCE_END_EVENT: .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            .mappingStart(
                unsafe properties(raw.data.mapping_start.anchor, raw.data.mapping_start.tag)
            )
        case YAML_MAPPING_END_EVENT: .mappingEnd
        default: .streamEnd
        }
    }

    private func scalar(
        _ raw: yaml_event_s.__Unnamed_union_data.__Unnamed_struct_scalar
    )
        -> YAMLEvent.Scalar
    {
        let bytes = unsafe UnsafeBufferPointer(start: raw.value, count: raw.length)
        return unsafe YAMLEvent.Scalar(
            properties: properties(raw.anchor, raw.tag),
            text: String(decoding: bytes, as: UTF8.self),
            isPlain: raw.style == YAML_PLAIN_SCALAR_STYLE
        )
    }

    private func properties(
        _ anchor: UnsafeMutablePointer<UInt8>?,
        _ tag: UnsafeMutablePointer<UInt8>?
    ) -> YAMLEvent.Properties {
        YAMLEvent.Properties(
            anchor: unsafe string(anchor),
            tag: unsafe string(tag).flatMap(EventReader.short)
        )
    }

    private static func short(_ tag: String) -> String? {
        let prefix = "tag:yaml.org,2002:"
        if tag.hasPrefix(prefix) { return "!!" + tag.dropFirst(prefix.count) }
        return tag == "!" ? nil : tag
    }

    private func string(_ text: UnsafeMutablePointer<UInt8>?) -> String? {
        guard let text = unsafe text else { return nil }
        return unsafe String(cString: text)
    }

    private func location(_ mark: yaml_mark_t) -> SourceLocation {
        SourceLocation(file: file, line: mark.line + 1, column: mark.column + 1)
    }

    private func error() -> YAMLError {
        let text = unsafe parser.pointee.problem.map { unsafe String(cString: $0) }
        let problem = YAMLError.Problem.syntax(text ?? "out of memory")
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            return YAMLError(problem, at: unsafe location(offset: parser.pointee.problem_offset))
        }
        return YAMLError(problem, at: unsafe location(parser.pointee.problem_mark))
    }

    private func location(offset: Int) -> SourceLocation {
        let before = unsafe Array(input.prefix(offset))
        let line = before.reversed().prefix { $0 != UInt8(ascii: "\n") }
        let breaks = before.filter { $0 == UInt8(ascii: "\n") }
        let characters = line.filter { $0 & 0xC0 != 0x80 }
        return SourceLocation(file: file, line: breaks.count + 1, column: characters.count + 1)
    }
}
