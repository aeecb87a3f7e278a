/// Something that a build's onlooker wants to see.
public enum BuildEvent: Sendable {
    /// Names one step among all of a build.
    public typealias StepID = Int

    /// A step begins; its name is as in `[api build 2/6] RUN npm ci`.
    case started(StepID, name: String)
    /// A step printed a line, so long after its beginning.
    case output(StepID, line: String, after: Duration)
    /// A step's result was there already.
    case cached(StepID)
    /// A step is done, after so long.
    case done(StepID, after: Duration)
    /// A step failed.
    case failed(StepID, reason: String)
    /// Something to know, not of one step.
    case notice(String)
}
