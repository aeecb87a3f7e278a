import ComposeFile

/// Loads the project `demo` from the text of `/work/compose.yaml`.
func loadProject(_ text: String) throws -> Project {
    var options = LoadOptions()
    options.projectName = "demo"
    let files = FileAccess(
        currentDirectory: "/work",
        home: "/root",
        read: { (path) throws(FileAccess.Failure) in
            guard path == "/work/compose.yaml" else {
                throw FileAccess.Failure("no such file")
            }
            return Array(text.utf8)
        },
        kind: { $0 == "/work/compose.yaml" ? .file : nil },
        realPath: { $0 }
    )
    var warnings: [ComposeWarning] = []
    return try Project(loading: options, files: files, warnings: &warnings)
}
