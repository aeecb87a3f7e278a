import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Requests for images and builds, as clients send them over the socket.
    struct EngineImageTests {
        /// Runs a script of sh(1) in which `request METHOD PATH [OPTION...]` calls the API.
        private func script(_ text: String) throws -> String {
            let functions = """
                set -e
                request() {
                    method=$1 path=$2; shift 2
                    curl -sS -X "$method" --unix-socket "${DOCKER_HOST#unix://}" "$@" "http://d$path"
                }
                work=$(mktemp -d)
                trap 'rm -rf "$work"' EXIT
                cd "$work"

                """
            return try machine().run("api", "run", "sh", "-c", functions + text)
        }

        /// The lines of `output` that contain `word`.
        private func lines(_ output: String, with word: String) -> [Substring] {
            output.split(whereSeparator: \.isNewline).filter { $0.contains(word) }
        }

        @Test func `the classic builder's lines report a build`() throws {
            try needBusyBox()
            let name = "\(uniqueProjectName()):1"
            let output = try script(
                """
                printf 'FROM test/busybox\\nARG WHO\\nENV A=b\\nCOPY file /\\nRUN echo hello $WHO && cat /file\\n' >Dockerfile
                echo content >file
                tar c . | request POST '/build?nocache=1&t=\(name)&buildargs=%7B"WHO":"you"%7D' -T -
                request GET /images/\(name)/json
                request DELETE /images/\(name)
                """
            )
            #expect(output.contains(#""Step 1/5 : FROM test/busybox\n""#))
            #expect(output.contains(#""Step 5/5 : RUN echo hello $WHO && cat /file\n""#))
            #expect(output.contains(#"{"stream":"hello you\n"}"#), "\(output)")
            #expect(output.contains(#"{"stream":"content\n"}"#))
            #expect(output.contains(#"{"aux":{"ID":"sha256:"#))
            #expect(output.contains(#""Successfully tagged \#(name)\n""#))
            #expect(output.contains(#""A=b""#))
            #expect(output.contains(#"[{"Untagged":"\#(name)"},{"Deleted":"sha256:"#))
        }

        @Test func `a failing step and a wrong request end a build`() throws {
            try needBusyBox()
            let output = try script(
                """
                printf 'FROM test/busybox\\nRUN exit 3\\n' >Dockerfile
                tar c . | request POST /build -T -
                printf 'FROM test/busybox\\nNONSENSE\\n' >Dockerfile
                tar c . | request POST /build -T - -w '%{http_code}\\n'
                ln -sf /etc/passwd Dockerfile
                tar c . | request POST /build -T - -w '%{http_code}\\n'
                tar c . | request POST '/build?memory=1000000' -T - -w '%{http_code}\\n'
                printf 'FROM test/busybox\\nRUN true\\n' | request POST \
                    '/build?q=1&remote=https://example.invalid/x.git' -T - -w '%{http_code}\\n'
                """
            )
            let failure =
                "The command '/bin/sh -c exit 3' returned a non-zero code: 3"
            #expect(
                output.contains(#""errorDetail":{"code":3,"message":"\#(failure)"}"#),
                "\(output)"
            )
            #expect(lines(output, with: "400").count == 4, "\(output)")
            #expect(output.contains("Cannot locate specified Dockerfile: Dockerfile"))
            #expect(output.contains("memory: "))
            #expect(output.contains("is a repository"))
        }

        @Test func `other images stay when one is removed`() throws {
            try needBusyBox()
            let name = uniqueProjectName()
            let output = try script(
                """
                echo a >file
                tar c file | request POST "/images/create?fromSrc=-&repo=\(name)&tag=1&changes=CMD+x" -T -
                echo b >file
                nameless=$(tar c file | request POST "/images/create?fromSrc=-" -T - |
                    sed 's/.*\\(sha256:[0-9a-f]*\\).*/\\1/')
                request POST "/images/\(name):1/tag?repo=\(name)&tag=2"
                request DELETE "/images/\(name):1"
                request GET "/images/json?filters=%7B%22reference%22%3A%5B%22\(name)%22%5D%7D"
                request GET "/images/\(name):2/json"
                request GET "/images/\(name):2/history"
                request DELETE "/images/\(name):2"
                request GET "/images/$nameless/json" -o /dev/null -w 'nameless %{http_code}\\n'
                request DELETE "/images/$nameless"
                request GET "/images/$nameless/json" -o /dev/null -w 'removed %{http_code}\\n'
                """
            )
            #expect(output.contains(#"[{"Untagged":"\#(name):1"}]"#), "\(output)")
            #expect(output.contains(#""RepoTags":["\#(name):2"]"#))
            #expect(output.contains(#""Cmd":["/bin/sh","-c","x"]"#))
            #expect(output.contains(#""Comment":"Imported from -""#))
            #expect(output.contains("nameless 200"))
            #expect(output.contains("removed 404"))
        }

        @Test func `a broken archive is the client's fault`() throws {
            let output = try script(
                """
                echo no archive, either | request POST /images/load -T -
                for path in '/images/create?fromSrc=-' /build; do
                    echo no archive at all, but text of some length |
                        request POST "$path" -T - -o /dev/null -w '%{http_code}\\n'
                done
                request POST '/images/create?fromImage=INVALID' -o /dev/null -w '%{http_code}\\n'
                """
            )
            #expect(output.hasPrefix(#"{"error":"archive: "#), "\(output)")
            #expect(output.hasSuffix("400\n400\n400\n"))
        }

        @Test func `the end of a detached command is found by inspecting it`() throws {
            try needBusyBox()
            let name = uniqueProjectName()
            let output = try script(
                """
                request POST '/containers/create?name=\(name)' \
                    -d '{"Image":"test/busybox","Cmd":["sleep","600"]}' -o /dev/null
                request POST '/containers/\(name)/start'
                exec=$(request POST '/containers/\(name)/exec' -d '{"Cmd":["sh","-c","exit 5"]}' |
                    sed 's/.*"Id":"\\([0-9a-f]*\\)".*/\\1/')
                request POST "/exec/$exec/start" -d '{"Detach":true}'
                until request GET "/exec/$exec/json" | grep '"Running":false'; do :; done
                request DELETE '/containers/\(name)?force=1'
                """
            )
            #expect(output.contains(#""ExitCode":5"#), "\(output)")
        }
    }
}
