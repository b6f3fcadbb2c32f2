import ExchangeCore
import Foundation
import Secrets
import StrictJSON
import Testing

@testable import Gateway

struct STSAnswerTests {
    @Test func `reads AWS's answer`() throws {
        let session = try #require(try STSSamples.session(in: STSSamples.success))
        #expect(session.accessKeyID == "ASIAIOSFODNN7EXAMPLE")
        #expect(STSSamples.text(of: session.secretAccessKey) == "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
        #expect(STSSamples.text(of: session.sessionToken) == "FwoGZXIvYXdzEA//+token==")
        #expect(session.expiration == STSSamples.now + .seconds(3600))
        #expect(session.assumedRoleARN == STSSamples.arn)
        #expect(session.assumedRoleID == "AROA123EXAMPLE123:octo-org.octo-repo-42")
        #expect(session.packedPolicySize == 6)
        #expect(session.requestID == "ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE")
    }

    @Test func `reads other implementations: declaration, no namespace, other order and names, fractions, references`()
        throws
    {
        let document = """
            <?xml version='1.0' encoding="UTF-8"?>
            <AssumeRoleWithWebIdentityResponse><ResponseMetadata/><AssumeRoleWithWebIdentityResult a = "1" b='&lt;>'>
            <Credentials><Expiration>2027-01-15T09:00:00.123456789Z</Expiration><SessionToken>a&#x2B;b&#43;&amp;&lt;&gt;&quot;&apos;</SessionToken>
            <SecretAccessKey>secret</SecretAccessKey ><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId></Credentials>
            <AssumedRoleUser><Arn>\(STSSamples.arn)</Arn><AssumeRoleId>AROA:x</AssumeRoleId><New><Deep>x</Deep></New></AssumedRoleUser>
            </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
            """
        let session = try #require(try STSSamples.session(in: document))
        #expect(STSSamples.text(of: session.sessionToken) == "a+b+&<>\"'")
        #expect(session.expiration == Timestamp(seconds: 1_800_003_600, nanoseconds: 123_456_789))
        #expect(session.assumedRoleID == "AROA:x" && session.packedPolicySize == nil && session.requestID == nil)
    }

    @Test(arguments: [
        STSSamples.error("AccessDenied", "Not &amp; you"),
        "<Error><Code>AccessDenied</Code><Message>Not &amp; you</Message><RequestId>f1f2f3f4-0000</RequestId></Error>",
        "<ErrorResponse><Error><Message>Not &amp; you</Message><Code>AccessDenied</Code><RequestId>f1f2f3f4-0000</RequestId></Error></ErrorResponse>",
    ])
    func `reads an error in each of its forms`(document: String) throws {
        guard case .refused(let error) = try STSAnswer(parsing: Secret(document)) else {
            Issue.record("taken for a session")
            return
        }
        #expect(error.code == "AccessDenied" && STSSamples.text(of: error.message) == "Not & you")
        #expect(error.requestID == "f1f2f3f4-0000")
    }

    @Test func `takes no beginning of an answer for the whole`() {
        let bytes = Array(STSSamples.success.utf8)
        for end in bytes.indices {
            let beginning = Secret(Array(bytes[..<end]).span)
            #expect(throws: STSAnswerError.self) { _ = try STSAnswer(parsing: beginning) }
        }
    }

    @Test(arguments: ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", "Arn", "AssumedRoleId"])
    func `refuses a field that is missing, empty, blank, twice there or no text`(name: String) throws {
        let start = try #require(STSSamples.success.range(of: "<\(name)>"))
        let end = try #require(STSSamples.success.range(of: "</\(name)>"))
        let element = start.lowerBound..<end.upperBound
        let whole = String(STSSamples.success[element])
        let value = String(STSSamples.success[start.upperBound..<end.lowerBound])
        let cases: [(String, STSAnswerError)] = [
            ("", .missing(name)), ("<\(name)></\(name)>", .empty(name)), ("<\(name)/>", .empty(name)),
            ("<\(name)> \n </\(name)>", .empty(name)), (whole + whole, .duplicate(name)),
            ("<\(name)><X>\(value)</X></\(name)>", .invalid(name)), ("<\(name)>a b</\(name)>", .invalid(name)),
            ("<\(name)>\(value)&#10;</\(name)>", .invalid(name)), ("<\(name)>é\(value)</\(name)>", .invalid(name)),
        ]
        for (replacement, error) in cases {
            let document = STSSamples.success.replacingCharacters(in: element, with: replacement)
            #expect(throws: error, "\(replacement)") { _ = try STSSamples.session(in: document) }
        }
    }

    @Test func `refuses a role id under both of its names`() {
        let document = STSSamples.success.replacing("<Arn>", with: "<AssumeRoleId>AROA:x</AssumeRoleId><Arn>")
        #expect(throws: STSAnswerError.duplicate("AssumedRoleId")) { _ = try STSSamples.session(in: document) }
    }

    @Test(arguments: ["-1", "abc", "99999", "+6", "6.5"])
    func `refuses a packed size that is no number`(size: String) {
        let document = STSSamples.success.replacing("<PackedPolicySize>6<", with: "<PackedPolicySize>\(size)<")
        #expect(throws: STSAnswerError.invalid("PackedPolicySize")) { _ = try STSSamples.session(in: document) }
    }

    @Test(arguments: [
        "2027-01-15", "2027-02-30T00:00:00Z", "1800003600", "2027-01-15T09:00:00", "2027-01-15 09:00:00Z.....",
    ])
    func `refuses an expiration that is no moment`(text: String) {
        let document = STSSamples.success.replacing((STSSamples.now + .seconds(3600)).description, with: text)
        #expect(throws: STSAnswerError.invalid("Expiration")) { _ = try STSSamples.session(in: document) }
    }

    @Test(arguments: [
        "", " ", "\0", "null", "{\"Credentials\":{}}", "<html><body><h1>502 Bad Gateway</h1></body></html>",
        "<!DOCTYPE html><html></html>", "<AssumeRoleResponse/>", "<assumerolewithwebidentityresponse/>",
        "<x:AssumeRoleWithWebIdentityResponse/>", "<AssumeRoleWithWebIdentityResponse/>", "<ErrorResponse/>",
        "<ErrorResponse><Error><Code/></Error></ErrorResponse>", "<Error><Code>a b</Code></Error>",
        "<Error><Code>\(String(repeating: "a", count: 65))</Code></Error>", "<Error><Code>\u{1}</Code></Error>",
        "<Error><Code>A</Code></Error></Error>", "<Error><Code>A</Error></Code>", "<Error><Code>A</Code></Error>x",
        "x<Error><Code>A</Code></Error>", "<Error><Code>A</Code></Error><Error/>", "<Error>x<Code>A</Code></Error>",
        "<Error><Code>A</Code>x</Error>", "<Error><Code>A<B/></Code></Error>", "<Error><!-- --><Code>A</Code></Error>",
        "<Error><Code><![CDATA[A]]></Code></Error>", "<?xml version=\"1.0\"?><?pi?><Error><Code>A</Code></Error>",
        "<?xml version=\"1.0\"", "<!DOCTYPE e [<!ENTITY a \"A\">]><Error><Code>&a;</Code></Error>",
        "<Error><Code>&a;</Code></Error>", "<Error><Code>A</Code><Message>&</Message></Error>",
        "<Error><Code>A</Code><Message>&amp</Message></Error>", "<Error><Code>A</Code><X>&#0;</X></Error>",
        "<Error><Code>A</Code><X>&#xD800;</X></Error>", "<Error><Code>A</Code><X>&#x110000;</X></Error>",
        "<Error><Code>A</Code><X>&#-1;</X></Error>", "<Error><Code>A</Code><X>&#;</X></Error>",
        "<Error><Code>A</Code><X>&#x;</X></Error>", "<Error><Code>A</Code><X>&#99999999999;</X></Error>",
        "<Error><Code>A</Code><X>&nbsp;</X></Error>", "<Error a><Code>A</Code></Error>",
        "<Error a=b><Code>A</Code></Error>",
        "<Error a=\"<\"><Code>A</Code></Error>", "<Error a=\"1\"b=\"2\"><Code>A</Code></Error>",
        "< Error><Code>A</Code></Error>",
        "<Error><1/><Code>A</Code></Error>", "<Error><Code>A</Code></Error", "<Error><Code>A</Code></", "<", "<>",
        "</Error>",
        "<Error><\(String(repeating: "a", count: 65))/><Code>A</Code></Error>",
        "<Error>\(String(repeating: "<a>", count: 8))\(String(repeating: "</a>", count: 8))<Code>A</Code></Error>",
        "<Error>\(String(repeating: "<a/>", count: 64))<Code>A</Code></Error>",
        String(repeating: "<a>", count: 10_000),
    ])
    func `refuses what is no answer of STS`(document: String) {
        #expect(throws: STSAnswerError.self) { _ = try STSAnswer(parsing: Secret(document)) }
    }

    @Test(arguments: ["Message", "Unknown"]) func `reads or refuses what is special wherever it stands`(name: String)
        throws
    {
        func answer(_ text: String) throws -> STSAnswer {
            try STSAnswer(parsing: Secret("<Error><Code>A</Code><\(name)>\(text)</\(name)></Error>"))
        }
        for index in 0..<40 {
            let (front, rest) = (String(repeating: "a", count: index), String(repeating: "b", count: 40 - index))
            #expect(throws: STSAnswerError.malformed("control character")) { _ = try answer("\(front)\u{1}\(rest)") }
            #expect(throws: STSAnswerError.malformed("entity")) { _ = try answer("\(front)&nbsp;\(rest)") }
            guard case .refused(let error) = try answer("\(front)&lt;\n\(rest)") else {
                Issue.record("no error")
                continue
            }
            #expect(error.message == Secret(name == "Message" ? "\(front)<\n\(rest)" : ""))
        }
    }

    @Test func `survives any one byte changed, and shows no other key than the one sent`() throws {
        let bytes = Array(STSSamples.success.utf8)
        for index in bytes.indices {
            for byte in [0x00, 0x26, 0x3C, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = byte
                // A thrown error is the usual outcome and a right one.
                guard case .assumed(let session)? = try? STSAnswer(parsing: Secret(changed.span)) else { continue }
                #expect(session.accessKeyID.utf8.count == 20 && session.secretAccessKey.count == 40)
            }
        }
    }
}
