import FoundationEssentials

/// A value in a template: any JSON value.
enum TemplateValue: Decodable, Equatable {
    case nothing
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case list([TemplateValue])
    case object([String: TemplateValue])

    /// The JSON form of `subject`.
    init(of subject: some Encodable) {
        do {
            let bytes = try JSONEncoder().encode(subject)
            self = try JSONDecoder().decode(TemplateValue.self, from: bytes)
        } catch {
            preconditionFailure("a value of this program cannot be written as JSON: \(error)")
        }
    }

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .nothing
        } else if let flag = try? value.decode(Bool.self) {
            // Types are tried in turn: a decoder does not report the type of a value.
            self = .boolean(flag)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let list = try? value.decode([TemplateValue].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: TemplateValue].self))
        }
    }

    /// The field of an object; nil if there is none.
    subscript(_ field: String) -> TemplateValue? {
        guard case .object(let fields) = self else { return nil }
        return fields[field]
    }

    /// The value as a template prints it.
    var text: String {
        switch self {
        case .nothing: ""
        case .string(let text): text
        case .list(let list): "[\(list.map(\.text).joined(separator: " "))]"
        case .boolean, .integer, .number, .object: json
        }
    }

    /// One line, keys sorted.
    var json: String {
        switch self {
        case .nothing: "null"
        case .boolean(let flag): String(flag)
        case .integer(let integer): String(integer)
        case .number(let number): String(number)
        case .string(let text): JSONText.line(text)
        case .list(let list): "[\(list.map(\.json).joined(separator: ","))]"
        case .object(let fields):
            "{"
                + fields.sorted { $0.key < $1.key }
                .map { "\(JSONText.line($0.key)):\($0.value.json)" }.joined(separator: ",") + "}"
        }
    }
}

extension TemplateValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .nothing: try value.encodeNil()
        case .boolean(let flag): try value.encode(flag)
        case .integer(let integer): try value.encode(integer)
        case .number(let number): try value.encode(number)
        case .string(let text): try value.encode(text)
        case .list(let list): try value.encode(list)
        case .object(let fields): try value.encode(fields)
        }
    }
}
