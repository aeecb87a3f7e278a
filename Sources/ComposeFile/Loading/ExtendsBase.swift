import YAML

/// The services of a file that can be extended.
struct ExtendsBase {
    /// The file's name in messages.
    let file: String
    var services: Mapping
    /// The `!reset` and `!override` tags of the file, which apply to the services' bases.
    let marks: [YAMLMark]
    /// The services merged with their bases.
    var finished: [String: YAMLNode] = [:]

    init(file: String, services: Mapping, marks: [YAMLMark]) {
        self.file = file
        self.services = services
        self.marks = marks
    }
}
