import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Who may do what through the socket of `api serve`.
    struct EngineSocketTests {
        /// Runs `api serve` with `options` and a script that finds its socket in `$socket`.
        private func serve(_ options: String, _ script: String) throws -> String {
            let machine = try machine()
            let text = """
                work=$(mktemp -d)
                socket=$work/docker.sock
                "$0" api serve --socket "$socket" --idle 2s \(options) &
                server=$!
                trap 'kill $server; wait $server; rm -rf "$work"' EXIT
                until [ -S "$socket" ]; do kill -0 $server || exit 1; done
                request() {
                    method=$1 path=$2; shift 2
                    curl -sS -X "$method" --unix-socket "$socket" "$@" "http://d$path"
                }
                \(script)
                """
            let program = try Program(
                ["/bin/sh", "-c", text, machine.program.string],
                environment: ["SWIFTCOMPOSE_ROOT": machine.root.string],
                limit: .seconds(60)
            )
            return try program.outcome().output
        }

        @Test func `changes are logged with the client's process and user`() throws {
            let output = try serve(
                "",
                """
                stat -c %a "$socket"
                request POST '/volumes/create?secret=hidden' -d '{"Name":"logged"}' -o /dev/null
                request GET /volumes -o /dev/null
                request DELETE /volumes/logged -o /dev/null
                cat "$SWIFTCOMPOSE_ROOT/run/api.log"
                """
            )
            #expect(output.hasPrefix("660\n"), "\(output)")
            let lines = output.split(separator: "\n").filter { $0.contains("/volumes") }.suffix(2)
            #expect(lines.count == 2)
            #expect(
                lines.first?.contains(#""method":"POST","path":"/volumes/create","pid":"#) == true
            )
            #expect(lines.allSatisfy { $0.contains(#""uid":0"#) && !$0.contains("hidden") })
            #expect(lines.last?.contains(#""status":204"#) == true)
        }

        @Test func `a read-only socket refuses changes`() throws {
            let output = try serve(
                "--read-only",
                """
                request POST /volumes/create -d '{"Name":"x"}'
                request GET /volumes -o /dev/null -w '%{http_code}\\n'
                request POST /build -w '%{http_code}\\n'
                """
            )
            #expect(output.contains("this socket is read-only"))
            #expect(output.contains("200"))
            #expect(output.contains("403"))
        }

        @Test func `a project's socket shows nothing else`() throws {
            let project = uniqueProjectName()
            let label = #"{"com.docker.compose.project":"\#(project)"}"#
            let output = try serve(
                "--project \(project)",
                """
                request POST /volumes/create -d '{"Name":"\(project)-other"}'
                request POST /volumes/create -d '{"Name":"\(project)-own","Labels":\(label)}' -o /dev/null
                SWIFTCOMPOSE_ROOT=$SWIFTCOMPOSE_ROOT "$0" volume create \(project)-foreign >/dev/null
                request GET /volumes
                request GET /volumes/\(project)-foreign
                request POST '/images/create?fromImage=x'
                request GET /networks
                request DELETE /volumes/\(project)-own -w 'removed %{http_code}\\n'
                "$0" volume rm \(project)-foreign >/dev/null
                """
            )
            #expect(output.contains("this socket serves project '\(project)' only"), "\(output)")
            #expect(output.contains(#""Name":"\#(project)-own""#))
            #expect(!output.contains(#""Name":"\#(project)-foreign""#))
            #expect(output.contains("get \(project)-foreign: no such volume"))
            #expect(output.contains("this socket serves project '\(project)' and no images"))
            #expect(output.contains("removed 204"))
        }

        @Test func `an inherited socket is served until it is idle`() throws {
            let output = try serve(
                "",
                """
                python3 - "$0" "$work/inherited.sock" <<'END' &
                import os, socket, sys
                listener = socket.socket(socket.AF_UNIX)
                listener.bind(sys.argv[2] + ".new")
                listener.listen()
                os.rename(sys.argv[2] + ".new", sys.argv[2])
                os.dup2(listener.fileno(), 3)
                os.set_inheritable(3, True)
                os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
                os.execv(sys.argv[1], [sys.argv[1], "api", "serve", "--idle", "500ms"])
                END
                activated=$!
                socket=$work/inherited.sock
                until [ -S "$socket" ]; do :; done
                request GET /_ping
                wait $activated
                echo " ended $?"
                """
            )
            #expect(output == "OK ended 0\n")
        }

        @Test func `a head that does not end closes the connection, and others are served`() throws
        {
            let output = try serve(
                "",
                """
                python3 - "$socket" <<'END'
                import socket, sys
                slow = [socket.socket(socket.AF_UNIX) for _ in range(100)]
                for client in slow:
                    client.connect(sys.argv[1])
                    client.sendall(b"GET /_ping HTTP/1.1\\r\\nX: ")
                quick = socket.socket(socket.AF_UNIX)
                quick.connect(sys.argv[1])
                quick.sendall(b"GET /_ping HTTP/1.1\\r\\n\\r\\n")
                print(quick.recv(1000).split()[1].decode())
                long = socket.socket(socket.AF_UNIX)
                long.connect(sys.argv[1])
                try:
                    long.sendall(b"GET / HTTP/1.1\\r\\n" + b"X: y\\r\\n" * 20000)
                except OSError:
                    pass
                print(long.recv(1000).split()[1].decode())
                END
                """
            )
            #expect(output.hasPrefix("200\n431\n"), "\(output)")
        }
    }
}
