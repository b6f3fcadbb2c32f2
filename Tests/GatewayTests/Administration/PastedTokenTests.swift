import Foundation
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// What is taken for a token, and what is not.
struct PastedTokenTests {
    private func token() throws -> String {
        STSSamples.text(of: try TestIssuer.vela().token(VelaClaims(at: ManualClock().now).members))
    }

    private func isFound(_ text: String) -> Bool { PastedToken.isIn(Secret(text)) }

    @Test func `a token is found, whatever it was pasted with`() throws {
        let token = try token()
        let wrapped = stride(from: 0, to: token.count, by: 64).map { start in
            String(token.dropFirst(start).prefix(64))
        }
        #expect(isFound(token))
        #expect(isFound("Bearer \(token)\n") && isFound("the token of the step is \(token)"))
        #expect(isFound("\"\(token)\"") && isFound(#"{"claims": {"token": "\#(token)"}}"#))
        #expect(
            isFound(wrapped.joined(separator: "\n"))
                && isFound("Authorization: " + wrapped.joined(separator: " \r\n  ")))
        #expect(isFound("a.b.c,\(token)") && isFound("registry.example.com/\(token)"))
        #expect(isFound(String(repeating: "word ", count: 500) + token))
    }

    @Test func `so is one that was cut`() throws {
        let token = try token()
        #expect(isFound(String(token.dropLast(20))))
        // Without its header the payload and the signature still stand there.
        #expect(isFound(token.split(separator: ".").dropFirst().joined(separator: ".")))
    }

    @Test func `so is an encrypted one, of which only the header can be read`() {
        let header = Base64URL.encode(Array(#"{"alg":"dir","enc":"A256GCM"}"#.utf8))
        #expect(isFound("\(header)..iv.text.tag") && isFound("Bearer \(header).key.iv.text.tag"))
        #expect(isFound("my\n token \(header.prefix(20))\n\(header.dropFirst(20))..iv.text.tag"))
    }

    @Test func `claims, policies, ARNs and names are none`() throws {
        let claims = JSONValue.object(VelaClaims(at: ManualClock().now).members).bytes
        #expect(!isFound(String(decoding: claims, as: UTF8.self)))
        #expect(!isFound("arn:aws:iam::123456123456:role/teams/octo.deploy") && !isFound("us-west-2") && !isFound(""))
        #expect(!isFound("registry.example.com/vela-aws-credentials:1.0.0") && !isFound("...") && !isFound("eyJ.eyJ.x"))
        #expect(!isFound(Base64URL.encode(claims)), "the claims alone are good for nothing")
        #expect(!isFound(#"{"Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}"#))
    }
}
