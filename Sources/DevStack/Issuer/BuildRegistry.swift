import StrictJSON
import Threading

/// The builds and steps that were made known to the stack.
struct BuildRegistry: Sendable {
    private let state = Lock(State())

    private struct State: Sendable {
        /// By the id in the step's request token.
        var steps: [String: Build] = [:]
        /// The status of each build, by its address.
        var status: [String: String] = [:]
        var repos: Set<String> = []
    }

    /// Makes a step known and gives its id. The build's status becomes that of `build`, for all of its steps.
    func add(_ build: Build) -> String {
        let id = UUIDText.version7()
        state.withLock { state in
            state.steps[id] = build
            state.status["\(build.slug)/\(build.number)"] = build.status
            state.repos.insert(build.slug)
        }
        return id
    }

    /// The step of this id.
    func step(_ id: String) -> Build? { state.withLock { $0.steps[id] } }

    /// Whether any build of this repository is known.
    func knows(repo: String) -> Bool { state.withLock { $0.repos.contains(repo) } }

    /// The status of a build; nil when it is not known.
    func status(repo: String, build: Int64) -> String? { state.withLock { $0.status["\(repo)/\(build)"] } }
}
