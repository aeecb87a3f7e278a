/// Truth values written as words.
enum BooleanText {
    /// Parses a boolean of YAML 1.1, in any case.
    static func yaml(_ word: String) -> Bool? {
        switch word.lowercased() {
        case "true", "y", "yes", "on": true
        case "false", "n", "no", "off": false
        default: nil
        }
    }

    /// Parses a boolean of environment variables.
    ///
    /// Source: Go's `strconv.ParseBool`.
    static func go(_ word: String) -> Bool? {
        switch word {
        case "1", "t", "T", "TRUE", "true", "True": true
        case "0", "f", "F", "FALSE", "false", "False": false
        default: nil
        }
    }
}
