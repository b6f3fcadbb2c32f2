import ExchangeCore
import Testing

@Suite struct RoleARNTests {
    @Test(arguments: [
        ("arn:aws:iam::123456123456:role/test", Partition.aws, "test"),
        ("arn:aws-us-gov:iam::123456123456:role/teams/octo/deploy", .usGov, "deploy"),
        ("arn:aws-cn:iam::123456123456:role/a+b=c,d.e@f_g-H0", .china, "a+b=c,d.e@f_g-H0"),
    ])
    func `takes the ARN of a role apart`(text: String, partition: Partition, name: String) throws {
        let role = try #require(RoleARN(parsing: text))
        #expect(role.description == text && role.partition == partition && role.name == name)
        #expect(role.account == "123456123456")
    }

    @Test(arguments: [
        "", "arn:aws:iam::123456123456:role", "arn:aws:iam::123456123456:role/", "arn:aws:iam::123456123456:role//a",
        "arn:aws:iam::123456123456:role/a/", "arn:aws:iam::123456123456:user/test",
        "arn:aws:sts::123456123456:role/test",
        "arn:aws:iam:us-east-1:123456123456:role/test", "arn:aws:iam::12345612345:role/test",
        "arn:aws:iam::12345612345a:role/test", "arn:aws-x:iam::123456123456:role/test",
        "ARN:aws:iam::123456123456:role/test",
        " arn:aws:iam::123456123456:role/test", "arn:aws:iam::123456123456:role/test\n",
        "arn:aws:iam::123456123456:role/te:st", "arn:aws:iam::123456123456:role/té",
        "arn:aws:iam::123456123456:role/te*",
        // A mark that joins the separator before it: one character, and no separator, to who reads by characters.
        "arn:aws:iam::123456123456:\u{301}role/test", "arn:aws:iam::123456123456:role/\u{301}test",
        "arn:aws:iam::123456123456:role/a/\u{301}test", "arn:aws:iam:\u{301}:123456123456:role/test",
        "arn:aws:iam::123456123456:role/" + String(repeating: "a", count: 65),
    ])
    func `takes nothing else`(text: String) {
        #expect(RoleARN(parsing: text) == nil)
    }
}
