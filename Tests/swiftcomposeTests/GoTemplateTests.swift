import Testing

@testable import swiftcompose

struct GoTemplateTests {
    private struct Row: Encodable {
        var name = "demo-web-1"
        var state = "running"
        var labels = "a=1,b.c=2"
        var ports = [80, 443]

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case state = "State"
            case labels = "Labels"
            case ports = "Ports"
        }
    }

    private func list(_ rows: Int = 1) -> FormattedList {
        FormattedList(
            Array(repeating: Row(), count: rows),
            headings: ["Name": "CONTAINER NAME"],
            columns: ["Name", "State"]
        )
    }

    @Test(arguments: [
        "{{.Name}}": "demo-web-1", "{{ .Name }} is {{.State}}": "demo-web-1 is running",
        "{{upper .State}}": "RUNNING", "{{.State | upper | lower}}": "running",
        "{{title .State}}": "Running", "{{json .Name}}": #""demo-web-1""#,
        "{{json .Ports}}": "[80,443]", "{{.Ports}}": "[80 443]",
        "{{join .Ports \"/\"}}": "80/443", "{{len .Ports}}": "2", "{{truncate .Name 4}}": "demo",
        "{{.Label \"b.c\"}}|{{.Label \"none\"}}": "2|", "{{\"text\"}}": "text",
        "a {{- .State -}} b": "arunningb", "{{/* nothing */}}x": "x",
        #"{{.Name}}\t."#:
            "demo-web-1\t.",
        "{{json .}}":
            #"{"Labels":"a=1,b.c=2","Name":"demo-web-1","Ports":[80,443],"State":"running"}"#,
        "json": #"{"Labels":"a=1,b.c=2","Name":"demo-web-1","Ports":[80,443],"State":"running"}"#,
    ])
    func `a template formats a row`(format: String, expected: String) throws {
        #expect(try ListFormat(format).lines(list()) == [expected])
    }

    @Test(arguments: [
        "{{.Nope}}": "unknown field 'Nope'; known fields: Labels, Name, Ports, State",
        "{{if .Name}}": "function \"if\" not defined", "{{.Name": "'{{' without '}}'",
        "{{}}": "not supported", "{{upper}}": "upper needs one value",
        "{{.Name .State}}": "needs no argument", "{{$x}}": "'$x' is not supported",
        "{{.Name.First}}": "unknown field 'First'", "{{upper \"x}}": "not supported",
    ])
    func `an invalid template is reported with the valid alternatives`(
        format: String,
        report: String
    ) throws {
        let error = #expect(throws: TemplateError.self) {
            _ = try ListFormat(format).lines(list())
        }
        #expect(error?.description.contains(report) == true, "\(String(describing: error))")
    }

    @Test func `a table has headings, known or not`() throws {
        #expect(
            try ListFormat(#"table {{.Name}}\t{{upper .State}}"#).lines(list()) == [
                "CONTAINER NAME   STATE", "demo-web-1       RUNNING",
            ]
        )
        #expect(try ListFormat("table").lines(list(0)) == ["CONTAINER NAME   STATE"])
    }

    @Test(
        arguments: [
            0: ("0B", "0B"), 1_023: ("1023B", "1.02kB"), 1_024: ("1KiB", "1.02kB"),
            1_572_864: ("1.5MiB", "1.57MB"), 581_939: ("568.3KiB", "582kB"),
            8_300_000_000: ("7.73GiB", "8.3GB"),
        ] as [UInt64: (String, String)]
    )
    func `sizes are rounded as docker's`(bytes: UInt64, expected: (String, String)) {
        #expect(UsageSize.binary(bytes) == expected.0)
        #expect(UsageSize.decimal(bytes) == expected.1)
    }

    @Test(arguments: [(0.004, "0.00"), (12.345, "12.35"), (100, "100.00"), (0.05, "0.05")])
    func `percentages have two places`(value: Double, expected: String) {
        #expect(UsageSize.fixed(value, places: 2) == expected)
    }
}
