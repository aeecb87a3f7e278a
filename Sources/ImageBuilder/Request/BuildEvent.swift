public import SystemPackage

/// Receives the events of a build, from any thread.
public typealias BuildProgress = @Sendable (BuildEvent) -> Void

/// Downloads a URL into a new file and returns its modification time, if the server states one.
public typealias FileDownload =
    @Sendable (_ url: String, _ file: FilePath) async throws -> Duration?

/// A step in the progress of a build.
public enum BuildEvent: Sendable {
    /// Identifies a step among all steps of a build.
    public enum StepID: Hashable, Sendable {
        /// A step of the graph, by the number of its vertex.
        case step(Int)
        /// The download of a file for ADD; numbered in order.
        case download(Int)
        /// The export of an image, by the index of its request.
        case export(Int)
    }

    /// A step starts; its name is as in `[api build 2/6] RUN npm ci`.
    case started(StepID, name: String)
    /// A step printed a line, this long after its start.
    case output(StepID, line: String, after: Duration)
    /// The step's result was in the cache.
    case cached(StepID)
    /// The step finished after this long.
    case done(StepID, after: Duration)
    /// The step failed.
    case failed(StepID, reason: String)
    /// A message that concerns no single step.
    case notice(String)
}
