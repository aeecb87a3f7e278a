import Linux
import SystemPackage
import Testing

/// A user without privileges, made for one suite, with a copy of the program.
struct OrdinaryUser: Sendable {
    let name: String
    /// The home directory, which also holds the program and the run-time directory.
    let home: FilePath

    var runtime: FilePath { home.appending("run") }

    /// Runs the program as this user.
    func attempt(_ arguments: String...) throws -> Outcome {
        try shell("exec \"$PROGRAM\" \"$@\"", arguments)
    }

    /// Runs the program, which must succeed, and returns what it printed.
    @discardableResult
    func run(
        _ arguments: String...,
        location: SourceLocation = #_sourceLocation
    ) throws -> String {
        let outcome = try shell("exec \"$PROGRAM\" \"$@\"", arguments)
        try #require(outcome.status == 0, "\(arguments): \(outcome)", sourceLocation: location)
        return outcome.output
    }

    /// Runs a shell script as this user; `preparation` is run by root before, in a private mount
    /// namespace.
    func shell(
        _ script: String,
        _ arguments: [String] = [],
        preparation: String = ""
    ) throws -> Outcome {
        let path = ProcessEnvironment.variables["PATH"] ?? "/usr/bin:/bin"
        let environment = [
            "PATH=\(path)", "HOME=\(home)", "XDG_RUNTIME_DIR=\(runtime)",
            "PROGRAM=\(home)/swiftcompose",
        ]
        let command = ["/usr/sbin/runuser", "-u", name, "--", "env", "-i"] + environment
        let prepared = ["unshare", "--mount", "sh", "-ec", preparation + "\nexec \"$@\"", "sh"]
        return try Program(
            (preparation.isEmpty ? [] : prepared) + command
                + ["sh", "-c", "cd && " + script, "sh"] + arguments,
            limit: .seconds(120)
        ).outcome()
    }

    func write(_ text: String, to path: String) throws {
        let file = home.appending(path)
        try FileSystem.makeDirectories(file.removingLastComponent())
        try AtomicFile.write(Array(text.utf8), to: file)
    }

    /// Command lines of the processes of this user and of those to whom its containers' ids belong.
    func processes() throws -> String {
        // A process that has exited stays in the table where the machine's init does not reap it.
        try Program.run("ps", "-o", "stat=,args=", "-U", name).output
            .split(separator: "\n").filter { !$0.hasPrefix("Z") }.joined(separator: "\n")
    }
}

/// Calls `body` with a new user, who is removed afterwards with everything that is left.
func withOrdinaryUser(
    subordinateIDs: Bool = true,
    _ body: (OrdinaryUser) throws -> Void
) throws {
    let suffix = String(UInt32.random(in: .min ... .max), radix: 36)
    let user = OrdinaryUser(name: "sc-\(suffix)", home: FilePath("/tmp/sc-u\(suffix)"))
    let setup = """
        set -e
        useradd --no-create-home --home-dir "$2" --shell /bin/sh "$1"
        sed -i "/^$1:/d" /etc/subuid /etc/subgid
        if [ "$4" = ids ]; then
            usermod --add-subuids 300000-365535 --add-subgids 300000-365535 "$1"
        fi
        mkdir -m 755 "$2"
        mkdir -m 700 "$2/run"
        cp --reflink=auto "$3" "$2/swiftcompose"
        cp /bin/busybox "$2/busybox"
        chown -R "$1:" "$2"
        """
    let program = try Machine.builtProgram().string
    let made = try Program.run(
        "sh",
        "-c",
        setup,
        "sh",
        user.name,
        user.home.string,
        program,
        subordinateIDs ? "ids" : "none"
    )
    try #require(made.status == 0, "\(made)")
    let result = Result { try body(user) }
    let removal = try Program.run(
        "sh",
        "-c",
        """
        pkill -KILL -U "$1"
        while ps -o stat= -U "$1" | grep -qv Z; do :; done
        userdel --force "$1"
        rm -rf --one-file-system "$2"
        """,
        "sh",
        user.name,
        user.home.string
    )
    #expect(removal.status == 0, "\(removal)")
    try result.get()
}
