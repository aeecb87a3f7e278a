import Testing
import YAML

@testable import ComposeFile

struct LintTests {
    @Test(arguments: [
        ("services: {a: {image: a}}\nvolumes: {v: }", "volumes.v is not used"),
        (
            "services: {a: {image: a, ports: ['80:80']}, b: {image: b, ports: ['80:81']}}",
            "port 80/tcp is published by 'a' already"
        ),
        (
            """
            services:
              a: {image: a}
              b: {image: b, depends_on: {a: {condition: service_healthy}}}
            """, "has no healthcheck"
        ),
    ])
    func `probable mistakes cause a warning`(text: String, words: String) throws {
        let warnings = try project(text).lint()
        #expect(warnings.count == 1)
        #expect(warnings.first?.message.contains(words) == true)
        #expect(warnings.first?.location != nil)
    }

    @Test func `a correct file causes no warning`() throws {
        let loaded = try project(
            """
            services:
              db: {image: d, volumes: ['vol:/v'], healthcheck: {test: a}, ports: ['53:53/udp']}
              web: {image: w, depends_on: {db: {condition: service_healthy}}, ports: ['53:53']}
            volumes: {vol: }
            """
        )
        #expect(loaded.lint().isEmpty)
    }
}
