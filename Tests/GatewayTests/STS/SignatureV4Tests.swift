import ExchangeCore
import Foundation
import Secrets
import StrictJSON
import TestSupport
import Testing

@testable import Gateway

/// Our signatures against those of botocore and of AWS's own suite, where the vectors are at hand.
@Suite struct SignatureV4Tests {
    /// Beside the repository, and not part of it.
    private static let vectors = (0..<5).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        .appending(path: "shared/vectors/sigv4")
    private static let isThere =
        ProcessInfo.processInfo.environment["VAG_REQUIRE_ALL_TESTS"] == "1"
        || FileManager.default.fileExists(atPath: vectors.path)

    @Test(.enabled(if: isThere, "there are no vectors beside the repository"))
    func `signs GetCallerIdentity as botocore does`() throws {
        let document = try JSONValue(
            parsing: [UInt8](try Data(contentsOf: Self.vectors.appending(path: "gci-botocore-vectors.json"))))
        let all = try #require(document.object?["vectors"]?.array).compactMap(\.object)
        let posts = all.filter { $0["method"] == "POST" }
        #expect(posts.count >= 14)
        for vector in posts {
            let text = { (name: String) in vector[name]?.string ?? "" }
            let signature = SignatureV4(
                accessKeyID: text("access_key_id"), secretAccessKey: Secret(text("secret_access_key")),
                region: text("region"), service: "sts", moment: try Self.moment(text("x_amz_date")))
            var headers: [(name: String, value: Secret)] = [
                ("content-type", Secret(text("content_type"))), ("host", Secret(text("host"))),
                ("x-amz-date", Secret(signature.date)),
            ]
            if let token = vector["session_token"]?.string { headers.append(("x-amz-security-token", Secret(token))) }
            let made = signature.authorization(
                method: "POST", path: "/", headers: headers, body: Array(text("body").utf8))
            #expect(STSSamples.text(of: made) == text("authorization"))
        }
    }

    /// The cases of AWS's suite whose requests are of our kind: POST, no query, no path.
    @Test(
        .enabled(if: isThere, "there are no vectors beside the repository"),
        arguments: ["post-vanilla", "post-x-www-form-urlencoded", "post-sts-header-before"])
    func `signs as AWS's own suite does`(_ name: String) throws {
        let folder = Self.vectors.appending(path: "v4/\(name)")
        let file = { (name: String) in try String(contentsOf: folder.appending(path: name), encoding: .utf8) }
        let canonical = try file("header-canonical-request.txt").split(
            separator: "\n", omittingEmptySubsequences: false)
        let body = try file("request.txt").components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n")
        let empty = try #require(canonical.dropFirst(3).firstIndex(of: ""))
        let headers = canonical[3..<empty].map { line in
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(parts[0]), value: Secret(String(parts[1])))
        }
        let signature = SignatureV4(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            region: "us-east-1", service: "service", moment: try Self.moment("20150830T123600Z"))
        let made = signature.authorization(method: "POST", path: "/", headers: headers, body: Array(body.utf8))
        let expected = try file("header-signature.txt").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(STSSamples.text(of: made).hasSuffix("Signature=" + expected))
    }

    @Test func `another byte anywhere makes another signature`() throws {
        func sign(_ key: String = "key", _ region: String = "us-east-1", _ body: String = "b", _ token: String = "t")
            -> String
        {
            let signature = SignatureV4(
                accessKeyID: "AKID", secretAccessKey: Secret(key), region: region, service: "sts",
                moment: Timestamp(seconds: 0))
            return STSSamples.text(
                of: signature.authorization(
                    method: "POST", path: "/", headers: [("x-amz-security-token", Secret(token))],
                    body: Array(body.utf8)))
        }
        let all = [
            sign(), sign("kez"), sign("key", "us-east-2"), sign("key", "us-east-1", "c"),
            sign("key", "us-east-1", "b", "u"),
        ]
        #expect(Set(all).count == 5)
    }

    /// `20260102T030405Z`.
    private static func moment(_ text: String) throws -> Timestamp {
        let digits = Array(text)
        let date = "\(String(digits[0..<4]))-\(String(digits[4..<6]))-\(String(digits[6..<8]))"
        let clock = "\(String(digits[9..<11])):\(String(digits[11..<13])):\(String(digits[13..<15]))"
        return try #require(Timestamp(parsing: "\(date)T\(clock)Z"))
    }
}
