import EngineAPI
import FoundationEssentials
import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Files, limits and ends of containers through the Engine API, by raw requests.
    struct EngineFilesTests {
        /// Creates a container, passes its id, and removes it.
        private func withContainer(
            _ engine: EngineClient,
            isRunning: Bool = false,
            _ body: (String) throws -> Void
        ) throws {
            try needBusyBox()
            let created = try engine.send(
                "POST",
                "/containers/create",
                json: #"{"Image":"test/busybox","Cmd":["sleep","600"]}"#
            )
            try #require(created.status == 201, "\(created.text)")
            let id = try #require(try created.document()["Id"].string)
            defer {
                // A test of removal has removed it.
                _ = try? engine.send("DELETE", "/containers/\(id)?force=1&v=1")
            }
            if isRunning {
                try #require(try engine.send("POST", "/containers/\(id)/start").status == 204)
            }
            try body(id)
        }

        /// An archive of one file, written by tar(1).
        private func archive(
            of name: String,
            content: String,
            _ options: String...
        ) throws
            -> [UInt8]
        {
            let directory = try machine().root.appending("archive")
            try FileSystem.makeDirectories(directory.appending("inner"))
            let place = directory.appending("inner")
            try AtomicFile.write(Array(content.utf8), to: place.appending(name))
            let file = directory.appending("archive.tar")
            let outcome = try Program.run(
                "tar",
                "-C",
                place.string,
                "-cf",
                file.string,
                options.first ?? "--format=ustar",
                "--absolute-names",
                name
            )
            try #require(outcome.status == 0, "\(outcome)")
            return try FileSystem.read(file)
        }

        @Test(arguments: [false, true])
        func `an archive is extracted and read again`(isRunning: Bool) throws {
            try EngineClient.withServer { engine in
                try withContainer(engine, isRunning: isRunning) { id in
                    let place = "/containers/\(id)/archive?path="
                    let tar = try archive(of: "note", content: "hello")
                    let written = try engine.send("PUT", place + "/bin/..", tar)
                    #expect(written.status == 200, "\(written.text)")
                    let status = try engine.send("HEAD", place + "/note")
                    #expect(status.status == 200 && status.body.isEmpty)
                    let line = status.headers.split(separator: "\r\n")
                        .first { $0.hasPrefix("X-Docker-Container-Path-Stat: ") }
                    let text = try #require(line?.split(separator: " ").last)
                    let decoded = try #require(Data(base64Encoded: String(text)))
                    #expect(String(decoding: decoded, as: UTF8.self).contains(#""size":5"#))
                    let read = try engine.send("GET", place + "/note")
                    #expect(read.text.hasPrefix("note") && read.text.contains("hello"))
                    let changes = try engine.send("GET", "/containers/\(id)/changes")
                    #expect(changes.text == "[{\"Kind\":1,\"Path\":\"/note\"}]\n")
                    let exported = try engine.send("GET", "/containers/\(id)/export")
                    #expect(exported.text.contains("note") && exported.text.contains("hello"))
                }
            }
        }

        @Test func `paths that do not exist and hostile archives are refused`() throws {
            try EngineClient.withServer { engine in
                try withContainer(engine) { id in
                    let place = "/containers/\(id)/archive?path="
                    for method in ["HEAD", "GET", "PUT"] {
                        #expect(try engine.send(method, place + "/nowhere").status == 404)
                    }
                    let missing = try engine.send("GET", place + "/nowhere")
                    #expect(try missing.message.hasPrefix("Could not find the file /nowhere in"))
                    #expect(try engine.send("GET", "/containers/\(id)/archive").status == 400)
                    let file = try engine.send("PUT", place + "/bin/busybox", [])
                    #expect(file.status == 400, "\(file.text)")
                    let hostile = try archive(
                        of: "evil",
                        content: "x",
                        "--transform=s,^,../../../,"
                    )
                    let refused = try engine.send("PUT", place + "/", hostile)
                    #expect(refused.status == 400, "\(refused.text)")
                    let garbage = try engine.send("PUT", place + "/", Array("no archive".utf8))
                    #expect(garbage.status == 400, "\(garbage.text)")
                }
            }
        }

        @Test func `an image is committed with changes`() throws {
            try EngineClient.withServer { engine in
                try withContainer(engine) { id in
                    let name = uniqueProjectName()
                    let answer = try engine.send(
                        "POST",
                        "/commit?container=\(id)&repo=\(name)&tag=1&author=me"
                            + "&changes=CMD%20%5B%22true%22%5D",
                        json: #"{"Env":["A=b"],"Labels":null}"#
                    )
                    try #require(answer.status == 201, "\(answer.text)")
                    defer { _ = try? machine().attempt(["image", "rm", "\(name):1"]) }
                    let image = try engine.send("GET", "/images/\(name):1/json").document()
                    #expect(image["Author"].string == "me")
                    #expect(image["Config"]["Cmd"].strings == ["true"])
                    #expect(image["Config"]["Env"].strings?.contains("A=b") == true)
                }
            }
        }

        @Test func `limits of a running container change, and invalid ones are refused`() throws {
            try EngineClient.withServer { engine in
                try withContainer(engine, isRunning: true) { id in
                    func update(_ text: String) throws -> EngineClient.Answer {
                        try engine.send("POST", "/containers/\(id)/update", json: text)
                    }
                    let changed = try update(
                        #"{"Memory":33554432,"RestartPolicy":{"Name":"always"}}"#
                    )
                    #expect(changed.status == 200, "\(changed.text)")
                    let inspected = try engine.send("GET", "/containers/\(id)/json").document()
                    let settings = inspected["HostConfig"]
                    #expect(settings["Memory"] == 33_554_432)
                    #expect(settings["MemorySwap"] == 67_108_864)
                    #expect(settings["RestartPolicy"]["Name"] == "always")
                    #expect(try update(#"{"Memory":1}"#).status == 400)
                    let unknown = try update(#"{"BlkioWeight":300}"#)
                    #expect(unknown.status == 400)
                    #expect(try unknown.message.hasPrefix("BlkioWeight: "))
                }
            }
        }

        @Test func `a killed container has exited when the request returns`() throws {
            try EngineClient.withServer { engine in
                try withContainer(engine, isRunning: true) { id in
                    let running = try engine.send("DELETE", "/containers/\(id)")
                    #expect(running.status == 409)
                    #expect(try running.message.hasPrefix("You cannot remove a running container"))
                    #expect(try engine.send("POST", "/containers/\(id)/kill").status == 204)
                    let inspected = try engine.send("GET", "/containers/\(id)/json").document()
                    #expect(inspected["State"]["ExitCode"] == 137)
                    #expect(inspected["State"]["Running"] == false)
                }
            }
        }
    }
}
