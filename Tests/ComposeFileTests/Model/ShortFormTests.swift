import Testing
import YAML

@testable import ComposeFile

struct ShortFormTests {
    @Test(arguments: [
        ("80", ["80 - - tcp"]), ("8080:80", ["80 8080 - tcp"]), ("53:53/udp", ["53 53 - udp"]),
        ("127.0.0.1:8080:80", ["80 8080 127.0.0.1 tcp"]), ("127.0.0.1::80", ["80 - 127.0.0.1 tcp"]),
        ("[::1]:8080:80", ["80 8080 ::1 tcp"]), ("::1:8080:80", ["80 8080 ::1 tcp"]),
        ("8000-9000:80", ["80 8000-9000 - tcp"]),
        ("98-101:98-101", ["100 100 - tcp", "101 101 - tcp", "98 98 - tcp", "99 99 - tcp"]),
        ("7000-7001", ["7000 - - tcp", "7001 - - tcp"]), ("80/TCP", ["80 - - tcp"]),
    ])
    func `every short form of a port is parsed`(text: String, expected: [String]) throws {
        let ports = try PortText.ports(of: text).get()
        let found = ports.map {
            "\($0.target) \($0.published ?? "-") \($0.hostIP ?? "-") \($0.protocol ?? "-")"
        }
        #expect(found == expected)
    }

    @Test(arguments: [
        "", "a", "80:a", "a:80", "65536", "-1", "80/icmp", "1-2:3-5", "9-8", "300.0.0.1:1:2",
        "[::1:1:2", "1:2:3:4", "80-", "8o", "+80", " 80",
    ])
    func `an invalid port is rejected with the reason`(text: String) {
        guard case .failure(let fault) = PortText.ports(of: text) else {
            Issue.record("accepted \(text)")
            return
        }
        #expect(!fault.reason.isEmpty)
    }

    @Test(arguments: [
        ("/data", "volume - /data"), ("data:/data", "volume data /data"),
        ("./src:/src", "bind ./src /src"), ("/a:/b:ro", "bind /a /b ro"),
        ("~/x:/x:rw", "bind ~/x /x"), ("C:\\x:/x", "bind C:\\x /x"), ("v:/x", "volume - v:/x"),
        ("data:/d:nocopy,ro", "volume data /d ro nocopy"),
        ("/a:/b:z,rslave", "bind /a /b z rslave"),
        ("${DIR:-./a}:/a", "volume ${DIR:-./a} /a"), ("data:/d:whatever", "volume data /d"),
    ])
    func `every short form of a mount is parsed`(text: String, expected: String) throws {
        let volume = try VolumeText.volume(of: text).get()
        let words = [
            volume.kind.rawValue, volume.source ?? "-", volume.target,
            volume.readOnly ? "ro" : nil, volume.volume?.noCopy == true ? "nocopy" : nil,
            volume.bind?.selinux, volume.bind?.propagation,
        ]
        #expect(words.compactMap(\.self).joined(separator: " ") == expected)
    }

    @Test(arguments: [
        ("", "it is empty"),
        ("ab::c", "a part between colons is empty"),
        (":/a", "a part between colons is empty"),
        ("/a:", "a part between colons is empty"),
        ("/a:/b:ro:z", "too many colons"),
    ])
    func `an invalid mount is rejected`(text: String, reason: String) {
        let error = #expect(throws: ShortFormError.self) {
            try VolumeText.volume(of: text).get()
        }
        #expect(error?.reason == reason)
    }

    @Test(arguments: [
        ("build: .", "build: {context: .}"),
        ("build: {provenance: true}", "build: {provenance: 'true'}"),
        ("build: {ssh: [default, k=/p]}", "build: {ssh: {default: null, k: /p}}"),
        ("depends_on: [db]", "depends_on: {db: {condition: service_started, required: true}}"),
        ("env_file: a", "env_file: [{path: a, required: true}]"),
        ("networks: [a, b]", "networks: {a: null, b: null}"),
        ("gpus: all", "gpus: [{count: all}]"),
        ("secrets: [s]", "secrets: [{source: s}]"),
        ("devices: ['/dev/a']", "devices: [{source: /dev/a, target: /dev/a, permissions: rwm}]"),
        (
            "devices: ['/dev/a:/dev/b:r']",
            "devices: [{source: /dev/a, target: /dev/b, permissions: r}]"
        ),
        ("dns: 1.1.1.1", "dns: [1.1.1.1]"),
    ])
    func `short forms are expanded`(short: String, long: String) throws {
        let tree = try node("services: {web: {\(short)}}")
        let expanded = try LongForms.expand(tree, lenient: false)
        #expect(try expanded == node("services: {web: {\(long)}}"))
    }

    @Test func `a short form with a variable is kept without interpolation`() throws {
        let tree = try node("services: {web: {ports: ['${P}:80']}}")
        #expect(try LongForms.expand(tree, lenient: true) == tree)
    }

    @Test func `a device with colons in a variable is expanded as by docker compose`() throws {
        let tree = try node("services: {web: {devices: ['${X:-/dev/a}:/dev/b:r']}}")
        let device = "{source: '', target: '', permissions: rwm}"
        #expect(
            try LongForms.expand(tree, lenient: true)
                == node("services: {web: {devices: [\(device)]}}")
        )
    }

    @Test func `the old form of external sets the name`() throws {
        let tree = try node("volumes: {v: {external: {name: old}}}")
        let expanded = try LongForms.expand(tree, lenient: false)
        #expect(try expanded == node("volumes: {v: {external: true, name: old}}"))
    }
}
