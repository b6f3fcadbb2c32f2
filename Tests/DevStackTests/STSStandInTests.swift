import DevStack
import StrictJSON
import Testing

@Suite struct `The stand-in for STS` {
    @Test func `answers with what was asked for, in AWS's form`() async throws {
        try await withStack { client in
            let answer = try await client.sts()
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "text/xml")
            #expect(answer.headers["x-amzn-requestid"] == answer.element("RequestId"))
            #expect(answer.element("Arn") == "arn:aws:sts::123456123456:assumed-role/test/vela")
            #expect(answer.element("AssumedRoleId")?.hasSuffix(":vela") == true)
            #expect(answer.element("Audience") == "sts.amazonaws.com")
            #expect(answer.element("Provider") == client.stack.issuer.issuerURL)
            #expect(answer.element("SubjectFromWebIdentityToken") == Build().subject)
            #expect(answer.element("AccessKeyId")?.utf8.count == 20)
            #expect(answer.element("SecretAccessKey")?.utf8.count == 40)
            #expect(answer.element("PackedPolicySize") == nil)
            let expiry = Timestamp(parsing: answer.element("Expiration") ?? "")
            #expect(try #require(expiry) > .now + .seconds(3000))
        }
    }

    @Test func `gives each call other credentials, and each session its fingerprint`() async throws {
        try await withStack { client in
            let one = try await client.sts()
            let two = try await client.sts()
            let other = try await client.sts(["RoleSessionName": "other"])
            for name in ["AccessKeyId", "SecretAccessKey", "SessionToken"] {
                #expect(one.element(name) != two.element(name))
            }
            #expect(one.element("AccessKeyId")?.prefix(12) == two.element("AccessKeyId")?.prefix(12))
            #expect(one.element("AccessKeyId")?.prefix(12) != other.element("AccessKeyId")?.prefix(12))
        }
    }

    @Test(
        arguments: [
            ["DurationSeconds": "899"], ["DurationSeconds": "43201"], ["RoleSessionName": "a"],
            ["RoleSessionName": "a b"],
            ["RoleSessionName": String(repeating: "a", count: 65)], ["RoleSessionName": nil], ["RoleArn": nil],
            ["RoleArn": "arn:aws:iam::12345612345x:role/test"], ["WebIdentityToken": nil],
            ["ProviderId": "www.example.com"],
            ["Policy": ""], ["Policy": String(repeating: " ", count: 2049)], ["PolicyArns.member.1.arn": "short"],
        ] as [[String: String?]])
    func `refuses a parameter outside its constraint`(changes: [String: String?]) async throws {
        try await withStack { client in
            let answer = try await client.sts(changes)
            #expect(answer.status == 400)
            #expect(answer.element("Code") == "ValidationError")
            #expect(answer.element("Type") == "Sender")
        }
    }

    @Test func `reads session policies and reports their size`() async throws {
        try await withStack { client in
            let policy = #"{"Version":"2012-10-17","Statement":[]}"#
            let managed = "arn:aws:iam::aws:policy/ReadOnlyAccess"
            let answer = try await client.sts(["Policy": policy, "PolicyArns.member.1.arn": managed])
            #expect(Int(answer.element("PackedPolicySize") ?? "") ?? 0 > 0)
            let calls = try await client.send(client.stack.stsURL + "/_dev/sts/calls").json.object?["calls"]?.array
            #expect(calls?.last?.object?["policy"]?.string == policy)
            #expect(calls?.last?.object?["policy_arns"] == .array([.string(managed)]))
            #expect(try await client.sts(["Policy": "{"]).element("Code") == "MalformedPolicyDocument")
            let long = #"{"Statement":[]}"# + String(repeating: " ", count: 2030)
            let both = try await client.sts(["Policy": long, "PolicyArns.member.1.arn": managed])
            #expect(both.element("Code") == "PackedPolicyTooLarge")
        }
    }

    @Test func `refuses tokens as AWS does`() async throws {
        try await withStack { client in
            let issuer = client.stack.issuer
            let expired = try await client.sts(
                token: issuer.idToken(for: build { $0.tokenLifetime = .seconds(-1) }, audience: ["sts.amazonaws.com"]))
            #expect(expired.element("Code") == "ExpiredTokenException")
            let audience = try await client.sts(token: issuer.idToken(for: Build(), audience: ["other"]))
            #expect(audience.element("Code") == "InvalidIdentityToken")
            #expect(audience.element("Message") == "Incorrect token audience")
            let foreign = build { $0.claims = JSONObject([.init("iss", .string("https://other"))]) }
            let provider = try await client.sts(token: issuer.idToken(for: foreign, audience: ["sts.amazonaws.com"]))
            #expect(provider.element("Message") == "No OpenIDConnect provider found in your account for https://other")
            #expect(try await client.sts(token: "nonsense").element("Code") == "InvalidIdentityToken")
        }
    }

    @Test func `refuses a token whose signature or key is not the issuer's`() async throws {
        try await withStack { client in
            let token = try client.stack.issuer.idToken(for: Build(), audience: ["sts.amazonaws.com"])
            let stranger = try SigningKey()
            let claims = Build().idTokenClaims(
                issuer: client.stack.issuer.issuerURL, audience: ["sts.amazonaws.com"], at: .now)
            let forged = try stranger.token(claims: claims, header: JSONObject([.init("kid", kid(of: token))]))
            #expect(try await client.sts(token: forged).element("Message") == "The signature of the token is invalid")
            let unknown = try await client.sts(token: stranger.token(claims: claims))
            #expect(unknown.element("Message")?.hasPrefix("Couldn't retrieve verification key") == true)
        }
    }

    @Test func `takes any token where checking is off`() async throws {
        var configuration = DevStackConfiguration()
        configuration.verifiesTokens = false
        try await withStack(configuration) { client in
            let answer = try await client.sts(token: "nonsense")
            #expect(answer.status == 200)
        }
    }

    @Test func `knows the caller by an access key of its own and no other`() async throws {
        try await withStack { client in
            let accessKeyID = try #require(try await client.sts().element("AccessKeyId"))
            let known = try await callerIdentity(client, "\(accessKeyID)/20260101/eu-west-1/sts/aws4_request")
            #expect(known.element("Arn") == "arn:aws:sts::123456123456:assumed-role/test/vela")
            #expect(known.element("Account") == "123456123456")
            let unknown = try await callerIdentity(client, "ASIAAAAAAAAAAAAAAAAA/20260101/eu-west-1/sts/aws4_request")
            #expect(unknown.status == 403)
            #expect(unknown.element("Code") == "InvalidClientTokenId")
            let service = try await callerIdentity(client, "\(accessKeyID)/20260101/eu-west-1/s3/aws4_request")
            #expect(service.element("Code") == "SignatureDoesNotMatch")
            let calls = try await client.send(client.stack.stsURL + "/_dev/sts/calls").json.object?["calls"]?.array
            #expect(calls?.last?.object?["region"]?.string == "eu-west-1")
        }
    }

    @Test func `refuses what it does not serve`() async throws {
        try await withStack { client in
            #expect(try await client.sts(["Action": "AssumeRole"]).element("Code") == "InvalidAction")
            #expect(try await client.sts(["Version": "2010-01-01"]).element("Code") == "InvalidAction")
            let unsigned = try await client.sts(["Action": "GetCallerIdentity"])
            #expect(unsigned.element("Code") == "MissingAuthenticationToken")
        }
    }

    @Test func `counts calls and sees retries`() async throws {
        try await withStack { client in
            let token = try client.stack.issuer.idToken(for: Build(), audience: ["sts.amazonaws.com"])
            let body =
                "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=vela"
                + "&RoleArn=arn:aws:iam::123456123456:role/test&WebIdentityToken=\(token)"
            for _ in 0..<3 { _ = try await client.send(client.stack.stsURL + "/", body: body) }
            let counts = try await client.send(client.stack.stsURL + "/_dev/sts/counts").json.object
            #expect(counts?["AssumeRoleWithWebIdentity"]?.integer == 3)
            #expect(counts?["retries"]?.integer == 2)
            try await client.direct("/_dev/sts/counts/reset")
            let again = try await client.send(client.stack.stsURL + "/_dev/sts/counts").json.object
            #expect(again?["calls"]?.integer == 0)
        }
    }

    private func callerIdentity(_ client: StackClient, _ credential: String) async throws -> StackClient.Answer {
        try await client.send(
            client.stack.stsURL + "/", body: "Action=GetCallerIdentity&Version=2011-06-15",
            headers: [
                "Authorization": "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=host, Signature=00"
            ])
    }

    private func build(_ change: (inout Build) -> Void) -> Build {
        var build = Build()
        change(&build)
        return build
    }

    private func kid(of token: String) throws -> JSONValue {
        try #require(try JWT(token).header["kid"])
    }
}
