/// The short form of a mount: `[SOURCE:]TARGET[:OPTIONS]`.
enum VolumeText {
    /// Parses `text` to a mount, leaving its target as written.
    static func volume(of text: String) -> Result<ServiceVolume, ShortFormError> {
        guard !text.isEmpty else { return .failure(ShortFormError("it is empty")) }
        guard text.utf8.count > 2 else {
            return .success(ServiceVolume(.volume, target: text))
        }
        let sections = sections(of: text)
        guard !sections.contains("") else {
            return .failure(ShortFormError("a part between colons is empty"))
        }
        guard sections.count <= 3 else { return .failure(ShortFormError("too many colons")) }
        guard sections.count > 1 else {
            var volume = ServiceVolume(.volume, target: sections[0])
            volume.volume = ServiceVolume.VolumeOptions()
            return .success(volume)
        }
        return .success(named(sections))
    }

    private static func named(_ sections: [String]) -> ServiceVolume {
        let isPath = isFilePath(sections[0])
        var volume = ServiceVolume(
            isPath ? .bind : .volume,
            source: sections[0],
            target: sections[1]
        )
        for option in sections.dropFirst(2).joined().split(separator: ",") {
            apply(String(option), to: &volume)
        }
        if isPath {
            volume.bind = volume.bind ?? ServiceVolume.BindOptions()
            volume.bind?.createHostPath = true
        } else {
            volume.volume = volume.volume ?? ServiceVolume.VolumeOptions()
        }
        return volume
    }

    private static func apply(_ option: String, to volume: inout ServiceVolume) {
        switch option {
        case "ro": volume.readOnly = true
        case "rw": volume.readOnly = false
        case "nocopy":
            volume.volume = ServiceVolume.VolumeOptions()
            volume.volume?.noCopy = true
        case "rprivate", "private", "rshared", "shared", "rslave", "slave":
            if volume.bind == nil { volume.bind = ServiceVolume.BindOptions() }
            volume.bind?.propagation = option
        case "z", "Z":
            if volume.bind == nil { volume.bind = ServiceVolume.BindOptions() }
            volume.bind?.selinux = option
        default: break
        }
    }

    /// Splits at colons, except those after a drive letter and within `${…}`.
    private static func sections(of text: String) -> [String] {
        var sections: [String] = []
        var section = ""
        var depth = 0
        var previous: Character?
        for character in text {
            if character == "{", previous == "$" { depth += 1 }
            if character == "}", depth > 0 { depth -= 1 }
            let isDrive = section.count == 1 && section.first?.isLetter == true
            if character == ":", depth == 0, !isDrive {
                sections.append(section)
                section = ""
            } else {
                section.append(character)
            }
            previous = character
        }
        return sections + [section]
    }

    /// Whether a source is a host path rather than the name of a volume.
    private static func isFilePath(_ source: String) -> Bool {
        guard let first = source.first else { return false }
        if ".~/".contains(first) || source.hasPrefix("\\\\") { return true }
        return first.isLetter && source.dropFirst().first == ":"
    }
}

extension ServiceVolume {
    /// Parses the value of a command-line option in the short form, such as `./data:/data:ro`.
    ///
    /// A relative source refers to the current directory.
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
        case .failure(let error): throw error.located("mount", found: text, option)
        }
    }
}
