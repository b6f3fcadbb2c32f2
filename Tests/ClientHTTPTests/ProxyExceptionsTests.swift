import ClientHTTP
import Testing

@Suite struct ProxyExceptionsTests {
    /// The list, an address and whether it is reached without the proxy.
    private static let cases: [(String, String, Bool)] = [
        ("", "https://a.example", false), ("*", "https://a.example", true), ("x,*", "https://[fd00::1]:8443", true),
        ("a.example", "https://a.example", true),
        ("A.EXAMPLE", "https://a.example", true), ("a.example", "https://b.a.example", true),
        ("a.example", "https://ba.example", false), ("a.example", "https://a.example.evil", false),
        (".example", "https://a.example", true), (".a.example", "https://a.example", false),
        (".a.example", "https://b.a.example", true), ("*.a.example", "https://b.a.example", true),
        ("*.a.example", "https://a.example", false), ("example", "https://a.example", true),
        ("a.example:443", "https://a.example", true), ("a.example:8443", "https://a.example", false),
        ("a.example:8443", "https://a.example:8443", true), (".example:80", "http://a.example", true),
        ("b.example, a.example", "https://a.example", true), ("b.example a.example", "https://a.example", true),
        ("10.0.0.1", "https://10.0.0.1", true), ("10.0.0.1", "https://10.0.0.11", false),
        ("10.0.0.1:443", "https://10.0.0.1", true), ("10.0.0.1:444", "https://10.0.0.1", false),
        ("10.0.0.0/8", "https://10.255.0.1", true), ("10.0.0.0/8", "https://11.0.0.1", false),
        ("10.128.0.0/9", "https://10.127.0.1", false), ("10.128.0.0/9", "https://10.200.0.1", true),
        ("0.0.0.0/0", "https://10.0.0.1", true), ("0.0.0.0/0", "https://[fd00::1]", false),
        ("10.0.0.0/33", "https://10.0.0.0", false), ("10.0.0.0/", "https://10.0.0.0", false),
        ("10.0.0.0/+8", "https://10.0.0.0", false), ("10.0.0.0/8", "https://a.example", false),
        ("fd00::1", "https://[fd00:0:0::1]", true), ("[fd00::1]", "https://[fd00::1]", true),
        ("[fd00::1]:443", "https://[fd00::1]", true), ("[fd00::1]:444", "https://[fd00::1]", false),
        ("fd00::/8", "https://[fdff::1]", true), ("fd00::/8", "https://[fe80::1]", false),
        ("10.0.0.1", "https://[::ffff:10.0.0.1]", true), (",,", "https://a.example", false),
        (".", "https://a.example", false), ("*a.example", "https://a.example", false),
    ]

    @Test(arguments: cases) func `knows what is reached without the proxy`(list: String, url: String, isCovered: Bool)
        throws
    {
        #expect(try ProxyExceptions(parsing: list).cover(HTTPURL(parsing: url)) == isCovered)
    }
}
