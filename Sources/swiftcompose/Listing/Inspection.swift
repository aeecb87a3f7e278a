/// The output of the commands `inspect`.
enum Inspection {
    /// Prints the details of each name in a JSON array, or one line of a template each.
    ///
    /// Names without details are reported, and make the exit status 1; the others are printed
    /// nevertheless, as by docker.
    static func print(
        _ names: [String],
        format: String,
        _ details: (String) throws -> some Encodable
    ) throws -> Int32 {
        let isJSON = ["", "json"].contains(format)
        let template = isJSON ? nil : try GoTemplate(format)
        var (found, status): ([TemplateValue], Int32) = ([], 0)
        for name in names {
            do {
                found.append(TemplateValue(of: try details(name)))
            } catch {
                Output.printError("Error: \(error)")
                status = 1
            }
        }
        if let template {
            for value in found { Output.line(try template.text(of: value)) }
        } else {
            Output.line(JSONText.indented(found))
        }
        return status
    }
}
