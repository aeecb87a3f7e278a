/// The result of converting a project for another engine.
public struct Conversion: Sendable, Equatable {
    /// A file to write.
    public struct File: Sendable, Equatable {
        /// The path below the output directory.
        public var path: String
        public var content: [UInt8]
        /// Whether only the owner may read it.
        public var isSecret = false

        init(path: String, content: [UInt8], isSecret: Bool = false) {
            self.path = path
            self.content = content
            self.isSecret = isSecret
        }

        init(path: String, text: String, isSecret: Bool = false) {
            self.init(path: path, content: Array(text.utf8), isSecret: isSecret)
        }
    }

    /// The files, by path.
    public var files: [File]
    /// The treatment of each attribute.
    public var report: ConversionReport
}
