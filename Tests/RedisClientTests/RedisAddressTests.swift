import OutboundHTTP
import Testing

@testable import RedisClient

struct RedisAddressTests {
    @Test(
        arguments: [
            ("rediss://redis.example.com", "https://redis.example.com:6379/", nil, 0),
            ("rediss://redis.example.com:6380/2", "https://redis.example.com:6380/", nil, 2),
            ("rediss://gate@redis.example.com/", "https://redis.example.com:6379/", "gate", 0),
            ("redis://127.0.0.1", "http://127.0.0.1:6379/", nil, 0),
            ("redis://[::1]/1", "http://[::1]:6379/", nil, 1),
            ("redis://[::1]:7000", "http://[::1]:7000/", nil, 0),
        ] as [(String, String, String?, Int)])
    func `names host, port, user and database`(text: String, endpoint: String, user: String?, database: Int) throws {
        let address = try RedisAddress(parsing: text)
        #expect(address.endpoint.description == endpoint)
        #expect(address.user == user && address.database == database)
    }

    @Test(arguments: [
        ("redis.example.com:6379", RedisAddressError.scheme), ("https://redis.example.com", .scheme), ("", .scheme),
        ("rediss://:secret@redis.example.com", .password), ("rediss://u:secret@redis.example.com", .password),
        ("rediss://u\u{7}@redis.example.com", .user), ("rediss://redis.example.com/x", .database("x")),
        ("rediss://redis.example.com/-1", .database("-1")),
        ("rediss://redis.example.com/1000000", .database("1000000")),
        ("redis://redis.example.com", .plaintext(host: "redis.example.com")),
        ("redis://127.0.0.1.example.com", .plaintext(host: "127.0.0.1.example.com")),
    ])
    func `refuses what it cannot mean, and a password above all`(text: String, error: RedisAddressError) {
        #expect(throws: error) { try RedisAddress(parsing: text) }
        #expect(!error.description.contains("secret"))
    }

    @Test func `takes plain TCP to another host where that is allowed`() throws {
        let address = try RedisAddress(parsing: "redis://redis.example.com", allowingPlaintext: true)
        #expect(address.endpoint.scheme == "http" && address.endpoint.host == "redis.example.com")
    }
}
