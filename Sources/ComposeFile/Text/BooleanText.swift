/// Truth values written as words.
enum BooleanText {
    /// The truth value that a word stands for in any case; nil when it is none.
    static func value(of word: String) -> Bool? {
        switch word.lowercased() {
        case "true", "y", "yes", "on": true
        case "false", "n", "no", "off": false
        default: nil
        }
    }
}
