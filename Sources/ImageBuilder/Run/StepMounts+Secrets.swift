import Dockerfile
import Linux
import OCI
import SystemPackage

extension StepMounts {
    mutating func prepareSecret(
        _ options: MountOptions,
        _ index: Int
    ) throws(BuildError) {
        let id =
            options.id ?? options.source
            ?? options.target.flatMap { FilePath($0).lastComponent?.string } ?? ""
        guard let secret = job.step.settings.secrets[id] else {
            if options.isRequired { throw BuildError(.missingSecret(id)) }
            return
        }
        let bytes: [UInt8]
        switch secret {
        case .value(let value): bytes = value
        case .file(let path):
            bytes = try BuildError.during(FileSystem.read(path))
        }
        if let name = options.environment {
            environment.append("\(name)=\(String(decoding: bytes, as: UTF8.self))")
            if options.target == nil { return }
        }
        let folder = job.environment.secretsDirectory ?? directory
        let unique = "\(directory.lastComponent?.string ?? "")-secret-\(index)"
        let path = folder.appending(unique)
        try BuildError.during { () throws(SystemCallError) in
            try FileSystem.makeDirectories(folder, mode: 0o700)
            try AtomicFile.write(bytes, to: path, mode: 0o400)
            let (user, group) = (options.uid ?? 0, options.gid ?? 0)
            try FileSystem.setOwner(of: path, user: user, group: group)
            try FileSystem.setMode(of: path, to: options.mode ?? 0o400)
        }
        secretFiles.append(path)
        bind(path, to: options.target ?? "/run/secrets/\(id)", options: ["ro"])
    }

    mutating func prepareAgent(
        _ options: MountOptions,
        _ index: Int
    ) throws(BuildError) {
        let id = options.id ?? "default"
        guard let socket = job.step.settings.agents[id] else {
            if options.isRequired { throw BuildError(.missingAgent(id)) }
            return
        }
        let target = options.target ?? "/run/buildkit/ssh_agent.\(index)"
        bind(socket, to: target, options: ["rw"])
        environment.append("SSH_AUTH_SOCK=\(target)")
    }
}
