import CLinux
import Glibc
public import SystemPackage

/// A stack of directories seen as one. Source: kernel, `filesystems/overlayfs.rst`.
public enum OverlayMount {
    /// Mounts `lower` (topmost first), and `upper` above them if given, on the directory `target`.
    ///
    /// `work` is an empty directory beside `upper`, for the kernel.
    public static func attach(
        lower: [FilePath],
        upper: (directory: FilePath, work: FilePath)?,
        to target: FilePath
    ) throws(SystemCallError) {
        let refusal: SystemCallError
        do throws(SystemCallError) {
            return try detached(lower: lower, upper: upper).attach(to: target)
        } catch {
            guard error.reason == .invalidArgument else { throw error }
            refusal = error
        }
        do throws(SystemCallError) {
            // Linux 6.4 and older take all directories at once, in one page. They tell only at the
            // end, and without a word, that they do not know the option.
            try attachInOnePage(lower: lower, upper: upper, to: target)
        } catch {
            // Newer ones have said more the first time.
            throw error.reason == .invalidArgument ? refusal : error
        }
    }

    private static func detached(
        lower: [FilePath],
        upper: (directory: FilePath, work: FilePath)?
    ) throws(SystemCallError) -> DetachedMount {
        var settings = lower.map { MountSetting("lowerdir+", $0.string) }
        if let upper {
            settings.append(MountSetting("upperdir", upper.directory.string))
            settings.append(MountSetting("workdir", upper.work.string))
        }
        return try DetachedMount(type: "overlay", source: "overlay", settings: settings)
    }

    private static func attachInOnePage(
        lower: [FilePath],
        upper: (directory: FilePath, work: FilePath)?,
        to target: FilePath
    ) throws(SystemCallError) {
        var options = "lowerdir=" + lower.map { escaped($0) }.joined(separator: ":")
        if let upper {
            options += ",upperdir=\(escaped(upper.directory)),workdir=\(escaped(upper.work))"
        }
        try systemCall("mount", "overlay on \(target)") {
            unsafe clinux_mount("overlay", target.string, "overlay", 0, options)
        }
    }

    private static func escaped(_ path: FilePath) -> String {
        path.string.map { "\\:,".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
