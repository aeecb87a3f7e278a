import Linux
import SystemPackage

/// The reason why execve(2) fails for a file that exists.
///
/// The kernel reports most of these as a missing file or an invalid format.
public enum ProgramFault: Sendable, Equatable {
    case directory
    /// The interpreter of a script, or the loader of a program, does not exist.
    case missingInterpreter(String)
    /// The first line of a script ends with CR LF, so that the interpreter's name does too.
    case carriageReturn
    /// An ELF machine other than this one.
    case otherArchitecture(String)
    /// Neither an ELF program nor a script with an interpreter.
    case unknownFormat

    /// Whether the kernel reports the fault as a missing file.
    var isMissingFile: Bool {
        switch self {
        case .missingInterpreter, .carriageReturn: true
        case .directory, .otherArchitecture, .unknownFormat: false
        }
    }
}

extension ProgramFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .directory: "it is a directory"
        case .missingInterpreter(let path):
            "its interpreter '\(path)' does not exist in the container"
        case .carriageReturn:
            "its first line ends with CR LF; convert the script to Unix line endings"
        case .otherArchitecture(let name):
            "it is a program for \(name); use an image for this machine's architecture"
        case .unknownFormat:
            "it is neither a program nor a script with a first line such as #!/bin/sh"
        }
    }
}

extension ProgramFault {
    /// The fault as two fields of an encoded error.
    var fields: [String] {
        switch self {
        case .directory: ["directory", ""]
        case .missingInterpreter(let path): ["interpreter", path]
        case .carriageReturn: ["carriage return", ""]
        case .otherArchitecture(let name): ["architecture", name]
        case .unknownFormat: ["format", ""]
        }
    }

    init?(fields: [String]) {
        guard fields.count == 2 else { return nil }
        switch fields[0] {
        case "directory": self = .directory
        case "interpreter": self = .missingInterpreter(fields[1])
        case "carriage return": self = .carriageReturn
        case "architecture": self = .otherArchitecture(fields[1])
        case "format": self = .unknownFormat
        default: return nil
        }
    }
}

extension ProgramFault {
    /// Reads the first of these files that exists, as the calling process's user; nil without a
    /// fault, and for a file that cannot be read.
    static func find(in paths: [String]) -> RuntimeError? {
        for path in paths {
            let options: OpenOptions = [.nonBlocking, .noTerminalControl]
            // A missing or unreadable file has a reason of its own.
            guard let file = try? Descriptor.open(FilePath(path), options),
                let status = try? file.status()
            else { continue }
            if status.kind == .directory {
                // Without a slash, a search passes over directories.
                if paths.count > 1 { continue }
                return .unusableProgram(path, .directory)
            }
            guard status.kind == .regular, status.mode & 0o111 != 0,
                let start = try? file.read(upTo: 4_096)
            else { return nil }
            return ProgramFault(of: start).map { .unusableProgram(path, $0) }
        }
        return nil
    }

    /// Examines the first bytes of a program; nil without a fault.
    init?(of start: [UInt8]) {
        if start.starts(with: "#!".utf8) {
            self.init(script: start)
        } else if start.starts(with: [0x7F] + Array("ELF".utf8)) {
            self.init(program: start)
        } else {
            self = .unknownFormat
        }
    }

    private init?(script start: [UInt8]) {
        let line = start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }
        let blanks = [UInt8(ascii: " "), UInt8(ascii: "\t")]
        let word = line.drop { blanks.contains($0) }.prefix { !blanks.contains($0) }
        let interpreter = String(decoding: word, as: UTF8.self)
        if FileSystem.exists(FilePath(interpreter)) { return nil }
        self = line.last == 0x0D ? .carriageReturn : .missingInterpreter(interpreter)
    }

    /// Source: elf(5).
    private init?(program start: [UInt8]) {
        guard start.count >= 64 else {
            self = .unknownFormat
            return
        }
        let machine = Self.number(in: start, at: 18, bytes: 2)
        if let name = Self.foreignMachine(machine) {
            self = .otherArchitecture(name)
            return
        }
        // Only 64-bit programs are examined further; others have a different header layout.
        guard start[4] == 2 else { return nil }
        let (first, count) = (
            Self.number(in: start, at: 32, bytes: 8), Self.number(in: start, at: 56, bytes: 2)
        )
        for index in 0..<count {
            let (header, overflow) = first.addingReportingOverflow(index * 56)
            guard !overflow, header >= 0, header <= start.count - 56 else { return nil }
            guard Self.number(in: start, at: header, bytes: 4) == 3 else { continue }
            let place = Self.number(in: start, at: header + 8, bytes: 8)
            guard place >= 0, place < start.count else { return nil }
            let path = String(decoding: start[place...].prefix { $0 != 0 }, as: UTF8.self)
            if FileSystem.exists(FilePath(path)) { return nil }
            self = .missingInterpreter(path)
            return
        }
        return nil
    }

    private static func number(in bytes: [UInt8], at place: Int, bytes count: Int) -> Int {
        bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// The name of a machine whose programs this one does not execute; nil for its own.
    private static func foreignMachine(_ number: Int) -> String? {
        let names = [
            3: "i386", 8: "mips", 20: "powerpc", 21: "ppc64", 22: "s390x", 40: "arm", 62: "x86-64",
            183: "aarch64", 243: "riscv", 258: "loongarch",
        ]
        #if arch(x86_64)
        let own: Set = [62, 3]
        #elseif arch(arm64)
        let own: Set = [183, 40]
        #else
        let own: Set<Int> = []
        #endif
        return own.contains(number) ? nil : names[number] ?? "machine \(number)"
    }
}
