import StrictJSON
import Testing

@testable import ExchangeCore

@Suite struct RevocationTests {
    private static let moment = Timestamp(seconds: 1_767_225_600)

    private static func revocation(
        _ rules: String..., of repository: String = "octo-org/octo-repo", build: String? = nil, rule: String? = nil
    ) throws -> Revocation {
        let policy = try PolicySet.rules("[" + rules.joined(separator: ", ") + "]")
        let repository = try #require(Repository(parsing: repository))
        return try policy.revocation(of: repository, build: build, rule: rule, issuedBefore: moment)
    }

    private static func patterns(_ revocation: Revocation) -> [String] {
        let statements = revocation.document?.object?["Statement"]?.array ?? []
        return statements.flatMap { statement -> [String] in
            let value = statement.object?["Condition"]?.object?["StringLike"]?.object?["aws:userid"]
            return value?.oneOrMany.compactMap(\.string) ?? []
        }
    }

    @Test func `it denies all to the sessions of a repository that are older`() throws {
        let revocation = try Self.revocation(.rule())
        #expect(
            String(decoding: revocation.document?.bytes ?? [], as: UTF8.self) == """
                {"Version":"2012-10-17","Statement":[{"Sid":"RevokeOctoOrgOctoRepo","Effect":"Deny","Action":"*",\
                "Resource":"*","Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"},\
                "StringLike":{"aws:userid":"*:octo-org.octo-repo-*"}}}]}
                """)
        #expect(revocation.roles == [String.role] && revocation.gaps == [])
    }

    /// Whatever name the template gives a build, the patterns match it; the claims go through the template itself.
    @Test(arguments: [
        "{repo_org}.{repo_name}-{build_number}", "{build_number}.{repo_name}.{repo_org}", "ci-{repo}-{build_number}",
        "{repo_name}{repo_org}", "{branch}-{repo_org}-{repo_name}", "{repo_org}={repo_name}={build_number}",
    ]) func `the patterns match every name that the template gives`(_ template: String) throws {
        let repositories = [
            "octo-org/octo-repo", "a/b", "an-organisation-of-a-long-name/a-repository-of-a-name-that-is-longer-still",
            "o.o/r_r-r.r",
        ]
        for repository in repositories {
            for build in [nil, "42"] where build == nil || template.contains("build_number") {
                let revocation = try Self.revocation(
                    .rule(condition: #"{"StringEquals": {"repo": "\#(repository)"}}"#, sessionName: template),
                    of: repository,
                    build: build)
                // A cut name of this kind is said to be out of reach.
                guard revocation.gaps == [] else { continue }
                let name = try Self.name(by: template, of: repository)
                let isMatched = Self.patterns(revocation).contains {
                    Wildcard($0).matches(Array("AROAEXAMPLE:\(name)".utf8))
                }
                #expect(isMatched, "\(name) by \(Self.patterns(revocation))")
            }
        }
    }

    /// What a token of build 42 on main is called, by a rule with that template.
    private static func name(by template: String, of repository: String) throws -> String {
        let policy = try PolicySet.rules(
            "[" + String.rule(condition: #"{"StringEquals": {"repo": "\#(repository)"}}"#, sessionName: template) + "]")
        let parts = repository.split(separator: "/")
        let claims = try Claims(
            """
            {"repo": "\(repository)", "repo_org": "\(parts[0])", "repo_name": "\(parts[1])", "build_number": "42",
             "branch": "feature/of-a-name-that-is-rather-long"}
            """)
        let name = try policy.rules[0].allow?.sessionName?.name(for: claims, of: "vela")
        return try #require(name).description
    }

    @Test func `another repository's sessions stay`() throws {
        let patterns = Self.patterns(try Self.revocation(.rule()))
        for name in ["octo-org.other-1", "octo-org2.octo-repo-1", "x.octo-org.octo-repo-1"] {
            #expect(!patterns.contains { Wildcard($0).matches(Array("AROAEXAMPLE:\(name)".utf8)) })
        }
        let ofBuild = Self.patterns(try Self.revocation(.rule(), build: "42"))
        #expect(ofBuild.contains("*:octo-org.octo-repo-42"))
        #expect(!ofBuild.contains { Wildcard($0).matches(Array("AROAEXAMPLE:octo-org.octo-repo-421".utf8)) })
    }

    @Test(arguments: [nil, "build-{build_number}", "{repo_name}-{build_number}"] as [String?])
    func `it says when nothing tells the sessions from others`(_ template: String?) throws {
        let revocation = try Self.revocation(.rule(sessionName: template))
        #expect(revocation.document == nil && revocation.roles == [])
        #expect(revocation.gaps.count == 1 && revocation.gaps[0].contains("--all"))
    }

    @Test func `it says when the build is not in the name`() throws {
        let rule = String.rule(sessionName: "{repo_org}.{repo_name}")
        #expect(try Self.revocation(rule).gaps == [])
        #expect(try Self.revocation(rule, build: "7").gaps.count == 1)
    }

    @Test func `every rule by which the repository may come is covered once`() throws {
        let rules = [
            String.rule("one"), .rule("two", roles: ["arn:aws:iam::123456123456:role/two"]),
            .rule("three", sessionName: "x-{repo_org}-{repo_name}"),
            .rule("strange", condition: #"{"StringEquals": {"repo": "else/where"}}"#, sessionName: "s-{repo}"),
        ]
        let revocation = try Self.revocation(rules[0], rules[1], rules[2], rules[3])
        #expect(
            Self.patterns(revocation) == [
                "*:octo-org.octo-repo-*", "*:x-octo-org-octo-repo", "*:x-octo-org-octo-repo=*",
            ])
        #expect(revocation.roles == [String.role, "arn:aws:iam::123456123456:role/two"])
        let one = try Self.revocation(rules[0], rules[1], rules[2], rules[3], rule: "three")
        #expect(Self.patterns(one).count == 2)
        #expect(throws: RuleTrustFault.self) { _ = try Self.revocation(rules[3]) }
        #expect(throws: RuleTrustFault.self) { _ = try Self.revocation(rules[0], rule: "none") }
    }

    @Test func `a session that says who it is needs no policy`() {
        func condition(_ sessions: RevokedSessions) -> String {
            let document = Revocation(of: sessions, issuedBefore: Self.moment).document
            return String(decoding: document?.bytes ?? [], as: UTF8.self)
        }
        #expect(
            condition(.sourceIdentity("octo-org.octo-repo.42")).contains(
                #""StringEquals":{"aws:SourceIdentity":"octo-org.octo-repo.42"}"#))
        #expect(condition(.sourceIdentity("octo-org.*")).contains(#""StringLike":{"aws:SourceIdentity":"octo-org.*"}"#))
        #expect(condition(.sessionName("vela")).contains(#""StringLike":{"aws:userid":"*:vela"}"#))
        #expect(condition(.tag(key: "Repo", value: "a/b")).contains(#""StringEquals":{"aws:PrincipalTag/Repo":"a/b"}"#))
        #expect(
            condition(.all).hasSuffix(#""Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"}}}]}"#)
        )
    }

    @Test(arguments: ["", "a", "a/b/c", "a/", "/b", "a/*", "a/b?", "a b/c", "${x}/b"])
    func `a repository is spelt out`(_ text: String) { #expect(Repository(parsing: text) == nil) }
}
