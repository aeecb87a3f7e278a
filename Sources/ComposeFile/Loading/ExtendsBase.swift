import YAML

/// The services of one file, as `extends` sees them.
struct ExtendsBase {
    /// How messages name the file.
    let file: String
    var services: Mapping
    /// What the file's tags take away from what its services extend.
    let marks: [YAMLMark]
    /// The services that have been given what they extend.
    var finished: [String: YAMLNode] = [:]

    init(file: String, services: Mapping, marks: [YAMLMark]) {
        self.file = file
        self.services = services
        self.marks = marks
    }
}
