extension String {
    /// The text with the characters that XML reserves replaced by entities.
    var svgText: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
