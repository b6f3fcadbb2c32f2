import StrictJSON

/// Why there is no key.
enum KeyAbsence: Error, Equatable {
    /// The issuer has no such key, as a fetch said that came after a request for it.
    case unknown
    /// It cannot be told now; the cause is for the log, the time is when to come back.
    case unavailable(String, Duration)
}

/// What is known of one issuer's keys, and the rules of when to fetch: a value, so that each step is atomic under its
/// lock.
struct KeyState {
    /// What a request finds.
    enum Look {
        case found(VerificationKey)
        /// `isOurs`: the caller begins the fetch, so it is later than the request.
        case wait(Flight, isOurs: Bool)
        case absent(KeyAbsence)
    }

    /// Kids remembered as unknown between two fetches. Beyond it they are not remembered, and only told to come back.
    static let maximumUnknown = 256

    private let timing: KeyTiming
    private let isStatic: Bool
    private var set: KeySet?
    /// When the fetch that brought `set` began.
    private var fetchedAt: Timestamp?
    private var flight: Flight?
    /// When the last fetch began; the cool-down counts from here.
    private var begunAt: Timestamp?
    /// Kids that a request asked for before the last fetch, which did not bring them. Emptied by each fetch.
    private var unknown: Set<[UInt8]> = []
    private var fetches = 0
    private var failures = 0
    private var failuresInARow = 0
    private var lastFailure: String?
    private var lastFailureAt: Timestamp?

    init(_ source: KeySource, _ timing: KeyTiming, at now: Timestamp) {
        self.timing = timing
        guard case .staticKeys(let bytes) = source else {
            isStatic = false
            return
        }
        isStatic = true
        do {
            set = try KeySet(parsing: bytes)
        } catch {
            lastFailure = "\(error)"
            lastFailureAt = now
        }
    }

    /// The keys, unless they are older than keys may be.
    private func usableSet(at now: Timestamp) -> KeySet? {
        guard let fetchedAt else { return set }
        return now - fetchedAt <= timing.maximumAge ? set : nil
    }
}

// MARK: - A request

extension KeyState {
    /// Looks for `keyID`, and takes off when it is not there and a fetch may begin.
    mutating func look(for keyID: String, at now: Timestamp) -> Look {
        let set = usableSet(at: now)
        if let key = set?.key(keyID) { return .found(key) }
        if isStatic { return .absent(set == nil ? unavailable(timing.coolDown) : .unknown) }
        if let flight { return .wait(flight, isOurs: false) }
        let rest = coolDownLeft(at: now)
        guard rest > .zero else { return .wait(begin(at: now), isOurs: true) }
        return .absent(unknown.contains(Array(keyID.utf8)) ? .unknown : unavailable(rest))
    }

    /// What the end of a flight means for a request that waited for `keyID`.
    mutating func outcome(
        for keyID: String, isOurs: Bool, at now: Timestamp
    ) -> Result<VerificationKey, KeyAbsence> {
        if let key = usableSet(at: now)?.key(keyID) { return .success(key) }
        guard lastFailure == nil, isOurs else { return .failure(unavailable(max(coolDownLeft(at: now), .seconds(1)))) }
        if unknown.count < Self.maximumUnknown { unknown.insert(Array(keyID.utf8)) }
        return .failure(.unknown)
    }

    private func unavailable(_ wait: Duration) -> KeyAbsence {
        .unavailable(lastFailure ?? "no such key yet, and the last fetch was a moment ago", wait)
    }

    /// Zero when a fetch may begin; a clock that went back counts as that.
    private func coolDownLeft(at now: Timestamp) -> Duration {
        guard let begunAt, now >= begunAt else { return .zero }
        return max(timing.coolDown - (now - begunAt), .zero)
    }
}

// MARK: - Fetches

extension KeyState {
    private mutating func begin(at now: Timestamp) -> Flight {
        let flight = Flight()
        self.flight = flight
        begunAt = now
        fetches += 1
        return flight
    }

    /// A new flight when the keys are due; nil when one is under way, or nothing is to be done.
    mutating func beginRefreshIfDue(at now: Timestamp) -> Flight? {
        guard !isStatic, flight == nil else { return nil }
        guard let begunAt, now >= begunAt else { return begin(at: now) }
        return now - begunAt >= pause ? begin(at: now) : nil
    }

    /// The time from one fetch to the next: after failures the cool-down, doubled for each, up to the usual interval.
    private var pause: Duration {
        guard failuresInARow > 0 else { return timing.refreshInterval }
        return min(timing.coolDown * (1 << min(failuresInARow - 1, 10)), timing.refreshInterval)
    }

    /// Takes the result of the flight. A failure leaves the old keys in place.
    mutating func end(with result: Result<KeySet, KeyFetchFailure>, at now: Timestamp) {
        self.flight = nil
        unknown = []
        switch result {
        case .success(let set):
            self.set = set
            fetchedAt = begunAt
            failuresInARow = 0
            lastFailure = nil
            lastFailureAt = nil
        case .failure(let failure):
            failures += 1
            failuresInARow += 1
            lastFailure = failure.description
            lastFailureAt = now
        }
    }

    func snapshot(named name: String, url: String, at now: Timestamp) -> KeySetState {
        let set = usableSet(at: now)
        return KeySetState(
            issuer: name, url: url, keys: set?.count ?? 0, skipped: set?.skipped ?? 0,
            age: fetchedAt.map { max(now - $0, .zero) }, fetches: fetches, failures: failures,
            lastFailure: lastFailure, lastFailureAt: lastFailureAt)
    }
}
