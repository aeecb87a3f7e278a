import ContainerRuntime
import Linux
import NIOCore
import OCI
import Orchestrator

extension Engine {
    private static let execFields: Set<String> = [
        "AttachStdin", "AttachStdout", "AttachStderr", "Tty", "Cmd", "Env", "User", "WorkingDir",
        "Privileged", "Detach", "DetachKeys", "ConsoleSize", "Container",
    ]

    /// `POST /containers/{id}/exec`.
    func createExec(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        guard container.isRunning else {
            throw EngineError.conflict("container \(container.id) is not running")
        }
        guard container.state.status != .paused else {
            throw EngineError.conflict(
                "container \(container.record.name) is paused, unpause the container before exec"
            )
        }
        let document = try await request.document().namingMembers(Self.execFields)
        if let keys = document["DetachKeys"].string { _ = try Self.detachKeys(keys) }
        if let field = document.object.first(where: {
            !Self.execFields.contains($0.key) && !$0.value.isZero
        }) {
            throw EngineError.unsupported(field.key, "unknown field")
        }
        guard let command = document["Cmd"].strings, !command.isEmpty else {
            throw EngineError.badRequest("No exec command specified")
        }
        let id = EngineID.make()
        execs.add(
            ExecTable.Exec(
                id: id,
                container: container.id,
                project: container.record.project,
                request: document
            )
        )
        try await response.send(["Id": .string(id)], status: 201)
    }

    /// `GET /exec/{id}/json`.
    func inspectExec(_ request: Request, _ response: Response) async throws {
        let exec = try exec(request.parameter("id"))
        let asked = exec.request
        let command = asked["Cmd"].strings ?? []
        try await response.send([
            "ID": .string(exec.id), "Running": .bool(exec.isRunning), "Pid": JSON(exec.pid),
            "ExitCode": exec.exitCode.map { JSON($0) } ?? nil,
            "ContainerID": .string(exec.container), "CanRemove": .bool(exec.exitCode != nil),
            "OpenStdin": .bool(asked.isTrue("AttachStdin")),
            "OpenStdout": .bool(asked.isTrue("AttachStdout")),
            "OpenStderr": .bool(asked.isTrue("AttachStderr")),
            "DetachKeys": .string(asked["DetachKeys"].string ?? ""),
            "ProcessConfig": [
                "entrypoint": .string(command.first ?? ""),
                "arguments": JSON(Array(command.dropFirst())),
                "tty": .bool(asked.isTrue("Tty")),
                "privileged": .bool(asked.isTrue("Privileged")),
                "user": .string(asked["User"].string ?? ""),
            ],
        ])
    }

    private func exec(_ id: String) throws(EngineError) -> ExecTable.Exec {
        guard let exec = execs[id] else { throw .notFound("No such exec instance: \(id)") }
        return exec
    }

    /// `POST /exec/{id}/resize`.
    func resizeExec(_ request: Request, _ response: Response) async throws {
        let exec = try exec(request.parameter("id"))
        let size = try Self.size(request)
        guard let resize = exec.resize else {
            throw EngineError.notFound("exec \(exec.id) has no terminal yet")
        }
        resize(size.rows, size.columns)
        try await response.send(status: 200)
    }

    static func size(_ request: Request) throws -> (rows: UInt16, columns: UInt16) {
        guard let rows = try request.query.number("h"), let columns = try request.query.number("w"),
            let height = UInt16(exactly: rows), let width = UInt16(exactly: columns)
        else { throw EngineError.badRequest("invalid resize height or width") }
        return (height, width)
    }

    /// `POST /exec/{id}/start`.
    func startExec(_ request: Request, _ response: Response) async throws {
        let exec = try exec(request.parameter("id"))
        let document = try await request.document().namingMembers(["Detach", "Tty", "ConsoleSize"])
        guard !exec.hasStarted else {
            throw EngineError.conflict("Error: Exec command \(exec.id) has already run")
        }
        guard try container(exec.container).isRunning else {
            throw EngineError.conflict("container \(exec.container) is not running")
        }
        execs.change(exec.id) { $0.hasStarted = true }
        var call = Self.call(exec)
        call.isDetached = document.isTrue("Detach")
        call.hasTerminal = call.hasTerminal && !call.isDetached
        let size =
            document["ConsoleSize"].isNull ? exec.request["ConsoleSize"] : document["ConsoleSize"]
        if size.array.count == 2, let rows = size.array[0].integer,
            let columns = size.array[1].integer
        {
            call.terminalSize = .init(
                rows: UInt16(clamping: rows),
                columns: UInt16(clamping: columns)
            )
        }
        // As with dockerd, this request decides on the frames, and the first one on the terminal.
        let isRaw = document.isTrue("Tty")
        let run = ExecRun(call, exec, isRaw: isRaw, in: self)
        guard !call.isDetached else {
            try await run.detached()
            return try await response.send(status: 200)
        }
        let raw = try await response.hijack(
            OutputFrames.type(isRaw: isRaw, for: request.version)
        )
        await run.attached(raw, request.input)
    }

    static func detachKeys(_ text: String) throws(EngineError) -> DetachKeys {
        do throws(DetachKeys.UnknownKey) {
            return try DetachKeys(text)
        } catch {
            throw .badRequest("Invalid detach keys (\(text)) provided: \(error)")
        }
    }

    private static func call(_ exec: ExecTable.Exec) -> ExecRequest {
        let asked = exec.request
        var call = ExecRequest(service: "", command: asked["Cmd"].strings ?? [])
        call.container = exec.container
        call.id = exec.id
        call.environment = asked["Env"].strings ?? []
        call.user = asked["User"].string.flatMap { $0.isEmpty ? nil : $0 }
        call.workingDirectory = asked["WorkingDir"].string.flatMap { $0.isEmpty ? nil : $0 }
        call.isPrivileged = asked.isTrue("Privileged")
        call.hasTerminal = asked.isTrue("Tty")
        return call
    }
}
