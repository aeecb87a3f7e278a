extension Value {
    /// The value as JSON, two blanks for each level, without a newline at the end.
    public var json: String {
        String(decoding: JSONWriter.bytes(of: self, indented: true), as: UTF8.self)
    }

    /// The value as YAML, ending in a newline.
    public var yaml: String {
        YAMLWriter.text(of: self)
    }
}
