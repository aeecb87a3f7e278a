import Linux
public import Rootless
public import SystemPackage

/// Checks of the machine, by trying wherever that is possible.
public struct Examination {
    /// The ordinary user for whom the machine is checked; nil for root.
    let user: UserSession.Caller?
    /// The directory for images and containers.
    let data: FilePath

    public init(user: UserSession.Caller?, data: FilePath) {
        self.user = user
        self.data = data
    }

    /// Returns a finding for each check. The process has one thread and is not in a namespace of an
    /// ordinary user.
    public func findings() -> [Finding] {
        // The directories are needed by later checks.
        let own = user.map { user in UserRequirement.allCases.map { requirement($0, user) } } ?? []
        return [kernel(), namespaces(), systemCallFilter()] + own
            + [overlay(), bridge(), firewall(), forwarding(), ports(), controlGroups()]
            + storage() + [clock()]
    }

    private func requirement(_ requirement: UserRequirement, _ user: UserSession.Caller) -> Finding
    {
        do throws(RootlessError) {
            return Finding(requirement.rawValue, try requirement.check(user, data: data))
        } catch {
            return Finding(
                requirement.rawValue,
                .problem,
                "\(error)",
                remedies: error.remedies
            )
        }
    }

    /// A finding that `attempt` succeeds.
    func trying(
        _ check: String,
        found: String,
        remedies: (SystemCallError) -> [String],
        _ attempt: () throws(SystemCallError) -> Void
    ) -> Finding {
        do throws(SystemCallError) {
            try attempt()
            return Finding(check, found)
        } catch {
            return Finding(check, .problem, "\(error)", remedies: remedies(error))
        }
    }

    /// Namespaces of a trial, in which the caller is root.
    func own(_ namespaces: Namespaces) -> Namespaces {
        user == nil ? namespaces : namespaces.union(.user)
    }

    /// The value of a kernel parameter; nil if this kernel has none of that name.
    static func parameter(_ name: String) -> String? {
        let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
        guard let text = try? FileSystem.readText(FilePath(path)) else { return nil }
        return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    }
}
