import ExchangeAPI
import Glibc
import MicroHTTPD
import Secrets
import Threading

@testable import Gateway

/// HTTP on the socket: the input is what a client writes. The byte 1E cuts it into writes, each of them read by the server before
/// the next one is sent; a last byte 04 makes the client leave without reading its answers.
///
/// Whatever comes in: the answers are well formed, each handled request has its own, the connection ends without the help of a deadline,
/// nothing of it stays behind, and the next good request is served.
func fuzzHTTP(_ bytes: [UInt8]) {
    listener.handled.withLock { $0 = 0 }
    var pieces = bytes.split(separator: 0x1E)
    let leaves = pieces.last?.last == 0x04
    if leaves, let last = pieces.popLast() { pieces.append(last.dropLast()) }
    let received = converse(pieces, leaves: leaves)
    listener.waitUntilIdle()
    if let received {
        let answers = AnswerReader.read(received)
        let handled = listener.handled.withLock { $0 }
        precondition(answers.compactMap(\.number).elementsEqual(1..<handled + 1), "handled and answered differ")
    }
    listener.checkService()
}

/// What the server answered; nil when the client left before.
private func converse(_ pieces: [ArraySlice<UInt8>], leaves: Bool) -> [UInt8]? {
    let client = FuzzClient(path: listener.path)
    for piece in pieces where client.write(piece) { client.waitUntilTaken() }
    guard !leaves else { return nil }
    client.endWriting()
    return client.readToEnd()
}

private let listener = FuzzedListener()

/// The service listener's server and routes, with a handler in the exchange's place that says which request it answers.
private struct FuzzedListener {
    static let bodyLimit = 1_024

    /// In the folder of Scripts/fuzz: libFuzzer ends the process without a chance to remove it.
    let path = ".build-fuzz/http-\(getpid()).sock"
    let handled: Lock<Int>
    private let turns = Lock(0)
    private let server: HTTPServer

    init() {
        var configuration = HTTPServerConfiguration(address: .unix(path: path))
        configuration.maximumBodyBytes = Self.bodyLimit
        configuration.maximumHeaderBytes = 2_048
        // Beyond libFuzzer's time-out: each client ends its side, so no connection may need a deadline to end.
        (configuration.headerDeadline, configuration.bodyDeadline) = (.seconds(60), .seconds(60))
        (configuration.idleTimeout, configuration.requestDeadline) = (.seconds(60), .seconds(60))
        let handled = Lock(0)
        self.handled = handled
        do {
            server = try HTTPServer.start(
                configuration, prepare: ServiceRoutes.prepare,
                refusal: { refusal, head in
                    let dialect = head.map { Dialect(path: $0.path) } ?? .problem
                    return dialect.response(ProblemSummary(.invalidRequest, refusal.sentence))
                },
                handler: { request in
                    check(request)
                    // With a query the request waits, and its connection is suspended.
                    if request.query != nil { await Task.yield() }
                    let number = handled.withLock { count in
                        count += 1
                        return count
                    }
                    return HTTPResponse(status: 200, headers: [("X-Number", "\(number)")], body: .bytes([0x61]))
                })
        } catch {
            fatalError("\(error)")
        }
    }

    /// Waits until no connection and no request is left, and at every 64th call no socket of one: a refused client's may stay for
    /// a turn of the reaper. If that never comes, libFuzzer's time-out is the find.
    func waitUntilIdle() {
        while server.statistics.connections > 0 || server.statistics.openRequests > 0 { sched_yield() }
        let isTurn = turns.withLock { turns in
            turns += 1
            return turns.isMultiple(of: 64)
        }
        // The one that listens stays.
        while isTurn && Self.openSockets() > 1 { sched_yield() }
    }

    /// How many of the process's descriptors are sockets.
    private static func openSockets() -> Int {
        (0..<CInt(1_024)).count { descriptor in
            var status = stat()
            // It is this closure's. An error means that the descriptor is closed.
            return unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
        }
    }

    /// A good request is answered, whatever came before it.
    func checkService() {
        let answers = Self.answers(to: "GET /openapi.json", at: path)
        precondition(answers.map(\.status) == [200] && answers[0].number != nil, "a good request is not served")
    }

    private static func answers(to line: String, at path: String) -> [ReadAnswer] {
        let client = FuzzClient(path: path)
        precondition(client.write(Array("\(line) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)[...]), "nobody listens")
        client.waitUntilTaken()
        client.endWriting()
        return AnswerReader.read(client.readToEnd())
    }
}

/// What a handler may rely on.
private func check(_ request: HTTPRequest) {
    precondition(request.path.utf8.first == UInt8(ascii: "/"))
    precondition(request.body.count <= FuzzedListener.bodyLimit, "a body beyond its limit")
    if let length = request.head.contentLength {
        precondition(request.body.count == length, "a body of another length")
    }
    precondition(!request.head.isChunked || request.head.contentLength == nil, "two lengths")
    for name in ["host", "content-type", "content-length", "transfer-encoding", "x"] {
        let values = request.headers.all(name)
        precondition(name == "x" || values.count <= 1, "\(name) stands twice")
        let bytes = values.joined().utf8
        precondition(bytes.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }, "a control byte in \(name)")
    }
}
