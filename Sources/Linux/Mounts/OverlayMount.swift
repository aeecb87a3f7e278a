import CLinux
import Glibc
public import SystemPackage

/// Overlay file systems: stacked directories. Source: kernel, `filesystems/overlayfs.rst`.
public enum OverlayMount {
    /// The attribute of a directory that hides the directories below it.
    public static var opaqueAttribute: String {
        UserNamespace.isInitial ? "trusted.overlay.opaque" : "user.overlay.opaque"
    }

    /// Mounts `lower` (topmost first), and `upper` above them if given, on the directory `target`.
    ///
    /// `work` is an empty directory on the file system of `upper`, for the kernel's use.
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
            // Linux 6.4 and older accept only one option with all directories, limited to one page.
            // They reject `lowerdir+` only at the end, and without a message.
            try attachInOnePage(lower: lower, upper: upper, to: target)
        } catch {
            // The first error of newer kernels is more specific.
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
        // Only root of the whole machine may use attributes called `trusted.overlay`; Linux 5.11.
        if !UserNamespace.isInitial { settings.append(MountSetting("userxattr")) }
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
        if !UserNamespace.isInitial { options += ",userxattr" }
        try systemCall("mount", "overlay on \(target)") {
            unsafe clinux_mount("overlay", target.string, "overlay", 0, options)
        }
    }

    private static func escaped(_ path: FilePath) -> String {
        path.string.map { "\\:,".contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
