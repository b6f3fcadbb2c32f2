import Testing

@testable import ExchangeCore

@Suite struct TrustPolicyLintTests {
    @Test(arguments: TrustPolicyVector.all) func `finds what is there and nothing else`(
        _ vector: TrustPolicyVector
    ) throws {
        let found = try RoleTrust.all(in: vector.document).flatMap { $0.lint(expecting: vector.expectations) }
        #expect(found.map(\.short).sorted() == vector.findings, "\(found.map(\.description))")
    }

    @Test(arguments: TrustFindingKind.allCases) func `each kind has a policy that earns it`(_ kind: TrustFindingKind) {
        #expect(
            TrustPolicyVector.all.contains {
                $0.findings.contains { $0.split(separator: " ").first == kind.rawValue[...] }
            })
    }

    @Test func `of each mode there are policies without findings`() {
        let clean = TrustPolicyVector.all.filter(\.findings.isEmpty)
        #expect(clean.count { $0.expectations.gateway == nil } >= 5)
        #expect(clean.count { $0.expectations.gateway != nil } >= 3)
    }

    @Test func `a finding is one line, without control characters, and names its statement`() throws {
        let sid = "A\\u001b[31m"
        let document = """
            {"Statement": {"Sid": "\(sid)", "Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
             "Principal": {"Federated": "arn:aws:iam::123456123456:oidc-provider/v.example.com/_services/token"},
             "Condition": {"StringLike": {"v.example.com/_services/token:sub": "repo:a\\n*",
                                          "v.example.com/_services/token:image\\u0007": "x"}}}}
            """
        let found = try RoleTrust.all(in: Array(document.utf8)).flatMap {
            $0.lint(expecting: TrustExpectations(issuers: [], gateway: nil))
        }
        #expect(found.map(\.kind) == [.organisationWildcard, .noAudience, .keyNeverSet, .noNetworkPin])
        for finding in found {
            #expect(!finding.description.unicodeScalars.contains { $0.properties.generalCategory == .control })
            #expect(finding.description.hasPrefix("statement 1 (Sid A"))
        }
    }

    @Test func `the version of a policy says whether it has variables`() throws {
        func kinds(_ version: String) throws -> [TrustFindingKind] {
            let key = "v.example.com/_services/token"
            let document = """
                {"Version": "\(version)", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
                 "Principal": {"Federated": "arn:aws:iam::123456123456:oidc-provider/\(key)"},
                 "Condition": {"StringLike": {"\(key):sub": "repo:${x}/app:*"}, "StringEquals": {"\(key):aud": "a"},
                               "IpAddress": {"aws:SourceIp": "203.0.113.7"}}}]}
                """
            return try RoleTrust.all(in: Array(document.utf8)).flatMap {
                $0.lint(expecting: TrustExpectations(issuers: [], gateway: nil))
            }.map(\.kind)
        }
        #expect(try kinds("2012-10-17") == [.organisationWildcard])
        #expect(try kinds("2008-10-17") == [])
    }
}
