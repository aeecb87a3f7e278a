import Linux
import OCI
import Orchestrator
import SystemPackage

/// The log of requests that change something: one JSON line each, with the client's process and
/// user.
struct ChangeLog: Sendable {
    private let file: JournalFile

    init(in run: FilePath) throws(SystemCallError) {
        try FileSystem.makeDirectories(run, mode: 0o755)
        file = JournalFile(path: run.appending("api.log"))
    }

    /// Appends a request and the status of its response; nil for none.
    ///
    /// The query is left out, since the arguments of a build may be secrets.
    func append(_ head: RequestHead, from peer: PeerCredentials?, status: Int?) {
        let line: JSON = [
            "time": .string(Timestamp.now.nineDigits), "method": .string(head.method),
            "path": .string(head.path), "pid": peer.map { JSON($0.pid) } ?? nil,
            "uid": peer.map { JSON($0.user) } ?? nil, "status": status.map { JSON($0) } ?? nil,
        ]
        // A full disk must not fail a request that has been served.
        try? file.append(line.bytes + [UInt8(ascii: "\n")])
    }
}
