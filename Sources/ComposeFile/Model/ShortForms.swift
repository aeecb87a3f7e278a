import YAML

extension Port {
    /// The ports that a text in the short form stands for, as `8080:80/udp`; `option` gave it.
    public static func parse(_ text: String, option: String) throws(ComposeErrors) -> [Port] {
        switch PortText.ports(of: text) {
        case .success(let ports): return ports
        case .failure(let fault): throw fault.error("port", found: text, option)
        }
    }
}

extension ServiceVolume {
    /// The mount that a text in the short form stands for, as `./data:/data:ro`; `option` gave it.
    ///
    /// A relative path starts from the working directory.
    public static func parse(
        _ text: String,
        option: String,
        files: FileAccess
    ) throws(ComposeErrors) -> ServiceVolume {
        switch VolumeText.volume(of: text) {
        case .success(var volume):
            volume.target = CleanPath.clean(volume.target)
            if volume.kind == .bind, let source = volume.source {
                volume.source = files.absolute(files.expandingHome(source))
            }
            return volume
        case .failure(let fault): throw fault.error("mount", found: text, option)
        }
    }
}

extension PortText.Fault {
    fileprivate func error(_ kind: String, found: String, _ option: String) -> ComposeErrors {
        ComposeErrors(
            .invalid(kind, found: found, reason: reason, path: option),
            at: SourceLocation(file: "command line", line: 0, column: 0)
        )
    }
}
