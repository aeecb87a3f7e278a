/// The way from the top of a file to one attribute; made into words only for a message.
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
