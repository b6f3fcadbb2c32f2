import StrictJSON

/// What a rule gives to one request.
struct Terms: Sendable {
    let rule: AllowRule
    let region: Region
    let duration: Duration
    let session: SessionPolicies
    /// The rules under observation without which, or against which, this was decided.
    var observations: [Observation] = []
}

/// Why a rule whose condition holds does not fit the request, and how far the request came.
struct Misfit: Error {
    /// In the order in which a request is checked: among several rules the misfit that came furthest tells most.
    enum Stage: Int, Comparable {
        case role, audience, front, region, duration, sessionPolicy

        static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
    }

    let stage: Stage
    let refusal: Refusal
}

extension AllowRule {
    /// The region, duration and session policies that `request` gets under this rule, once its condition holds.
    func terms(for request: ExchangeRequest, claims: Claims) throws(Misfit) -> Terms {
        guard roles.contains(request.role, for: claims) else {
            throw Misfit(stage: .role, refusal: .roleNotAllowed(rule: name))
        }
        try checkAudience(in: claims)
        if let oneUse, !oneUse.fronts.contains(request.front) {
            throw Misfit(stage: .front, refusal: .frontNotAllowed(rule: name, allowed: oneUse.fronts))
        }
        let region = try region(for: request)
        let duration = try duration(for: request)
        let session: SessionPolicies
        do throws(Refusal) {
            session = try sessionPolicy.policies(for: request, rule: name)
        } catch {
            throw Misfit(stage: .sessionPolicy, refusal: error)
        }
        return Terms(rule: self, region: region, duration: duration, session: session)
    }

    /// A rule in issuer mode takes no token that AWS would take as well, and one that forwards no other.
    private func checkAudience(in claims: Claims) throws(Misfit) {
        guard let audiences else { return }
        let audience = claims.string("aud") ?? ""
        guard audiences.contains(where: { $0.hasSameBytes(as: audience) }) else {
            throw Misfit(
                stage: .audience,
                refusal: .audienceNotAllowed(
                    rule: name, mode: federation.mode, seen: audience.shown(upTo: 256), expected: audiences))
        }
    }

    /// The region asked for, else the rule's first, else the partition's standard one; always in the role's partition,
    /// because another partition's STS does not know the role.
    private func region(for request: ExchangeRequest) throws(Misfit) -> Region {
        let standard = Region.standard(in: request.role.partition)
        let fitting = regions.filter { $0.partition == request.role.partition }
        let region = request.region ?? (regions.isEmpty ? standard : fitting.first)
        guard let region, region.partition == request.role.partition, regions.isEmpty || regions.contains(region) else {
            let allowed = (regions.isEmpty ? [standard] : fitting).map(\.description)
            throw Misfit(stage: .region, refusal: .regionNotAllowed(rule: name, allowed: allowed))
        }
        return region
    }

    /// What was asked, refused above the maximum rather than cut: a job that believes it has six hours would fail later.
    private func duration(for request: ExchangeRequest) throws(Misfit) -> Duration {
        guard let asked = request.duration else { return min(Self.standardDuration, maximumDuration) }
        guard asked <= maximumDuration else {
            throw Misfit(stage: .duration, refusal: .durationNotAllowed(rule: name, maximum: maximumDuration))
        }
        return asked
    }

    /// AWS's own default for AssumeRoleWithWebIdentity, and a rule's maximum when it names none.
    static let standardDuration: Duration = .seconds(3600)
}
