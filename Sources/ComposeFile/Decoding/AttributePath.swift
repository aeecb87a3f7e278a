/// The path from the root of a file to an attribute; formatted only for messages.
indirect enum AttributePath {
    case top
    case key(String, in: AttributePath)
    case index(Int, in: AttributePath)
}

extension AttributePath: CustomStringConvertible {
    var description: String {
        switch self {
        case .top: ""
        case .key(let key, .top): key
        case .key(let key, let outer): "\(outer).\(key)"
        case .index(let index, let outer): "\(outer)[\(index)]"
        }
    }
}
