import MicroHTTPD
import Secrets
import Testing

/// The small types.
@Suite struct ValueTests {
    @Test func `finds headers whatever their case, in order`() {
        let headers = HTTPHeaders([("Accept", "a"), ("X", "b"), ("ACCEPT", "c")])
        #expect(headers["accept"] == "a")
        #expect(headers.all("aCCept") == ["a", "c"])
        #expect(headers["y"] == nil)
        #expect(headers.all("y").isEmpty)
    }

    @Test func `shows neither query, headers nor body of a request`() {
        let head = HTTPRequestHead(
            method: .post, path: "/p", query: "token=hidden", headers: HTTPHeaders([("Cookie", "hidden")]))
        let request = HTTPRequest(
            head: head, authorization: Secret("hidden"), body: Secret("hidden"), deadline: .now)
        var dumped = ""
        dump(request, to: &dumped)
        dump(head, to: &dumped)
        dump(head.headers, to: &dumped)
        #expect("\(request)" == "POST /p")
        #expect("\(head)" == "POST /p")
        #expect(!"\(dumped) \(head.headers) \(String(reflecting: request))".contains("hidden"))
    }

    @Test func `writes addresses as people do`() {
        var loopback6 = [UInt8](repeating: 0, count: 16)
        loopback6[15] = 1
        #expect(PeerAddress(bytes: [192, 0, 2, 1], port: 5).description == "192.0.2.1:5")
        #expect(PeerAddress(bytes: loopback6, port: 5).description == "[::1]:5")
        let mapped = PeerAddress(bytes: Array(repeating: 0, count: 10) + [0xFF, 0xFF, 192, 0, 2, 1], port: 5)
        #expect(mapped == PeerAddress(bytes: [192, 0, 2, 1], port: 5))
        #expect(PeerAddress.unix.description == "unix")
    }

    @Test func `names the remedy in every error`() {
        let errors: [HTTPServerError] = [
            .cannotListen(address: "a", reason: "r"), .badCertificate(reason: "r"), .noTLS, .noResources(reason: "r"),
        ]
        for error in errors { #expect("\(error)".contains("; ")) }
    }

    @Test(arguments: ["no.such.host.invalid", "300.1.1.1", ""]) func `says when a host is none`(host: String) {
        // The empty host means every address to the resolver, which nobody should get by accident.
        #expect(throws: HTTPServerError.self) {
            try HTTPServer.start(HTTPServerConfiguration(address: .ip(host: host, port: 0)), handler: echo)
        }
    }

    @Test func `says when a socket's path is too long`() {
        let path = "/tmp/" + String(repeating: "x", count: 200)
        #expect(throws: HTTPServerError.self) {
            try HTTPServer.start(HTTPServerConfiguration(address: .unix(path: path)), handler: echo)
        }
    }
}
