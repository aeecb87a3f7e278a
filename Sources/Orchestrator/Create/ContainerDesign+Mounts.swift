import ComposeFile
import Notation
import OCI

extension ContainerDesign {
    typealias Mount = RuntimeSpecification.Mount

    static func bind(_ source: String, at target: String, _ options: [String]) -> Mount {
        Mount(
            destination: target,
            type: "bind",
            source: source,
            options: ["rbind", "rprivate"] + options
        )
    }

    /// A volume of the `local` driver with `type`, `o` and `device`, passed on as by mount(8).
    static func mount(
        _ device: String,
        _ driver: [String: String],
        at target: String,
        _ options: [String]
    ) -> Mount {
        let given = (driver["o"] ?? "").split(separator: ",").map(String.init)
        let isBind = given.contains("bind") || given.contains("rbind")
        return Mount(
            destination: target,
            type: isBind ? "bind" : driver["type"] ?? "none",
            source: device,
            options: given + options
        )
    }

    /// `PATH[:OPTIONS]` of the service's `tmpfs`.
    static func mount(tmpfs text: String) -> Mount {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let options = parts.dropFirst().first?.split(separator: ",").map(String.init) ?? []
        return Mount(
            destination: parts.first ?? text,
            type: "tmpfs",
            source: "tmpfs",
            options: ["noexec", "nosuid", "nodev"] + options
        )
    }

    /// A volume of type `tmpfs`.
    static func mount(tmpfs volume: ServiceVolume) -> Mount {
        var options = ["noexec", "nosuid", "nodev"]
        if let size = volume.tmpfs?.size { options.append("size=\(size.bytes)") }
        if let mode = volume.tmpfs?.mode { options.append("mode=\(String(mode, radix: 8))") }
        if volume.readOnly { options.append("ro") }
        return Mount(
            destination: volume.target,
            type: "tmpfs",
            source: "tmpfs",
            options: options
        )
    }

    /// Adds configs and secrets: a file of the host is bind-mounted unless it needs another owner
    /// or mode; other content is written to a file of the container.
    func addFiles(_ context: MountContext, to design: inout MountDesign) throws {
        for reference in service.configs {
            let config = project.configs[reference.source]
            let target = reference.target ?? reference.source
            try add(
                reference,
                at: target.hasPrefix("/") ? target : "/\(target)",
                file: config?.file,
                content: config?.content,
                kind: "configs",
                context,
                to: &design
            )
        }
        for reference in service.secrets {
            let secret = project.secrets[reference.source]
            let target = reference.target ?? reference.source
            try add(
                reference,
                at: target.hasPrefix("/") ? target : "/run/secrets/\(target)",
                file: secret?.file,
                content: secret?.content,
                kind: "secrets",
                context,
                to: &design
            )
        }
    }

    private func add(
        _ reference: FileReference,
        at target: String,
        file: String?,
        content: String?,
        kind: String,
        _ context: MountContext,
        to design: inout MountDesign
    ) throws {
        let isPlain = reference.uid == nil && reference.gid == nil && reference.mode == nil
        if let file, isPlain {
            design.put(Self.bind(file, at: target, ["ro"]))
            return
        }
        guard
            let content = file.map(MountDesign.InlineFile.Content.copy)
                ?? content.map({ .text($0) })
        else {
            throw OrchestratorError.unsupported(
                service.place(of: "\(kind).\(reference.source)"),
                reason: "it has no 'file', 'content' or 'environment'"
            )
        }
        let name = "\(kind)-\(design.files.count)"
        design.files.append(
            MountDesign.InlineFile(
                name: name,
                content: content,
                owner: reference.uid,
                group: reference.gid,
                mode: UInt16(truncatingIfNeeded: reference.mode ?? 0o444)
            )
        )
        design.put(Self.bind("\(context.fileDirectory)/\(name)", at: target, ["ro"]))
    }
}
