import Secrets
import Testing

@testable import Gateway

struct AssumeRoleFormTests {
    @Test func `writes what AWS reads, with spaces as %20 and members counted from 1`() throws {
        let call = try STSSamples.call(
            policy: #"{"Sid": "a+b~é&="}"#,
            managed: ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::123456123456:policy/x"])
        let form = STSSamples.text(of: call.form(presenting: Secret("a.b-c_d")))
        #expect(
            form == """
                Action=AssumeRoleWithWebIdentity&Version=2011-06-15\
                &RoleArn=arn%3Aaws%3Aiam%3A%3A123456123456%3Arole%2Fteams%2Focto%2Fdeploy\
                &RoleSessionName=octo-org.octo-repo-42&DurationSeconds=3600\
                &Policy=%7B%22Sid%22%3A%20%22a%2Bb~%C3%A9%26%3D%22%7D\
                &PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess\
                &PolicyArns.member.2.arn=arn%3Aaws%3Aiam%3A%3A123456123456%3Apolicy%2Fx\
                &WebIdentityToken=a.b-c_d
                """)
    }

    @Test func `leaves out what was not granted`() throws {
        let form = STSSamples.text(of: try STSSamples.call(seconds: 900).form(presenting: Secret("t")))
        #expect(!form.contains("Policy") && form.contains("&DurationSeconds=900&"))
    }

    @Test(arguments: ["a.b.c\n", " a.b.c", "\r\n\ta.b.c \r\n"])
    func `trims blanks around the token`(token: String) throws {
        let form = STSSamples.text(of: try STSSamples.call().form(presenting: Secret(token)))
        #expect(form.hasSuffix("&WebIdentityToken=a.b.c"))
    }

    @Test func `sends the token's bytes as they are, even those that are no text`() throws {
        let form = STSSamples.text(
            of: try STSSamples.call().form(presenting: Secret(([0x61, 0xFF, 0x00, 0x62] as [UInt8]).span)))
        #expect(form.hasSuffix("&WebIdentityToken=a%FF%00b"))
    }

    @Test func `encodes all but letters, digits and four signs, wherever they stand`() throws {
        let plain = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        for byte in UInt8.min...UInt8.max {
            let digits = String(byte, radix: 16, uppercase: true)
            let code = plain.contains(byte) ? [byte] : Array("%\(byte < 16 ? "0" : "")\(digits)".utf8)
            for index in [1, 15, 16, 38] {
                let (front, rest) = (
                    [UInt8](repeating: 0x61, count: index), [UInt8](repeating: 0x62, count: 40 - index)
                )
                let form = STSSamples.text(
                    of: try STSSamples.call().form(presenting: Secret((front + [byte] + rest).span)))
                #expect(form.hasSuffix("&WebIdentityToken=" + String(decoding: front + code + rest, as: UTF8.self)))
            }
        }
    }
}
