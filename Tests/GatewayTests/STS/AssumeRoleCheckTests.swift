import ExchangeCore
import Secrets
import StrictJSON
import Testing

@testable import Gateway

/// The answer against the grant.
struct AssumeRoleCheckTests {
    private func check(
        _ call: AssumeRoleCall, arn: String = STSSamples.arn, lifetime: Duration = .seconds(3600)
    ) throws -> CheckedSession {
        let document = STSSamples.success
            .replacing(STSSamples.arn, with: arn)
            .replacing((STSSamples.now + .seconds(3600)).description, with: (STSSamples.now + lifetime).description)
        let session = try #require(try STSSamples.session(in: document))
        return try call.check(session, at: STSSamples.now)
    }

    @Test func `takes the session that was asked for, whose ARN has no path`() throws {
        #expect(try !check(try STSSamples.call()).isClockDoubtful)
    }

    @Test(arguments: [
        "arn:aws:sts::123456123457:assumed-role/deploy/octo-org.octo-repo-42",
        "arn:aws-cn:sts::123456123456:assumed-role/deploy/octo-org.octo-repo-42",
        "arn:aws:sts::123456123456:assumed-role/Deploy/octo-org.octo-repo-42",
        "arn:aws:sts::123456123456:assumed-role/deploy2/octo-org.octo-repo-42",
        "arn:aws:sts::123456123456:assumed-role/deploy/octo-org.octo-repo-43",
        "arn:aws:sts::123456123456:assumed-role/teams/octo/deploy/octo-org.octo-repo-42",
        "arn:aws:sts::123456123456:assumed-role/deploy", "arn:aws:iam::123456123456:role/deploy",
    ])
    func `refuses the session of another account, partition, role or name`(arn: String) throws {
        let call = try STSSamples.call()
        #expect(throws: STSAnswerError.otherSession) { try check(call, arn: arn) }
    }

    @Test(arguments: [(1, false), (3600, false), (3660, false), (3661, true), (3900, true)])
    func `takes an expiry within what clocks may differ, and says when it is doubtful`(seconds: Int, isDoubtful: Bool)
        throws
    {
        #expect(try check(try STSSamples.call(), lifetime: .seconds(seconds)).isClockDoubtful == isDoubtful)
    }

    @Test(arguments: [(0, STSAnswerError.expired), (-1, .expired), (3901, .livesTooLong), (43_200, .livesTooLong)])
    func `refuses an expiry in the past or beyond what was asked`(seconds: Int, error: STSAnswerError) throws {
        let call = try STSSamples.call()
        #expect(throws: error) { try check(call, lifetime: .seconds(seconds)) }
    }
}
