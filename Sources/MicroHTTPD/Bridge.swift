import CMicroHTTPD
import Secrets
import Threading

/// What libmicrohttpd's callbacks act on: takes each request from its first line to its answer.
///
/// The methods that take an `Exchange` run on that connection's loop.
final class Bridge: Sendable {
    let configuration: HTTPServerConfiguration
    let service: HTTPService
    let table: ConnectionTable
    let gate = RequestGate()
    let tally = Lock(HTTPServerStatistics())
    let lingering: LingeringSockets
    let certificates: CertificateStore?

    /// How much of an unwanted body is read before the connection is given up: enough that a client which sends a few
    /// times too much still reads why.
    private static let discardLimit = 1 << 20

    init(_ configuration: HTTPServerConfiguration, _ service: HTTPService, _ certificates: CertificateStore?) {
        self.configuration = configuration
        self.service = service
        self.certificates = certificates
        table = ConnectionTable(limits: ConnectionLimits(configuration))
        lingering = LingeringSockets()
    }

    /// A request's first line has come.
    func requestBegan(target: Span<UInt8>, end: UInt, socket: Int32, on daemon: Daemon) -> Exchange {
        gate.requestBegan()
        let peer = table.requestBegan(socket)
        return Exchange(on: daemon, socket: socket, peer: peer, target: RequestTarget(target), targetEnd: end)
    }

    /// The headers have come: refuse, answer early, or read the body.
    func headersCame(
        _ connection: OpaquePointer, _ exchange: Exchange, method: UnsafePointer<CChar>, version: UnsafePointer<CChar>
    ) -> MHD_Result {
        do throws(HTTPFault) {
            let fields = try unsafe HeaderReader.read(connection, version: version, targetEnd: exchange.targetEnd)
            guard let target = exchange.target else { throw HTTPFault.target }
            let method = unsafe HTTPMethod(rawValue: String(cString: method))
            let head = HTTPRequestHead(method ?? .get, target, fields, exchange.peer)
            // Before anybody looks at the request, and after its path tells in whose words to refuse.
            if let fault = unsafe clientFault(connection) {
                let response = refuse(.clientCertificate(fault), head)
                return unsafe queueUnread(
                    EarlyAnswer(response: response, head: head, closes: true), connection, exchange)
            }
            table.move(exchange.socket, to: head.hasBody ? .readingBody : .handling)
            if let early = earlyAnswer(to: head, isKnown: method != nil) {
                return unsafe answerEarly(early, connection, exchange)
            }
            let deadline = ContinuousClock.now + configuration.requestDeadline
            exchange.phase = .receiving(
                Incoming(head: head, authorization: fields.authorization, deadline: deadline))
            return .YES
        } catch {
            let answer = EarlyAnswer(
                response: refuse(.malformed(error), nil, from: exchange.peer), head: nil, closes: true)
            return unsafe queueUnread(answer, connection, exchange)
        }
    }

    /// Body bytes have come.
    func bodyCame(_ bytes: Span<UInt8>, _ exchange: Exchange) -> MHD_Result {
        switch exchange.phase {
        case .receiving(let incoming):
            if incoming.bodyCount + bytes.count <= configuration.maximumBodyBytes {
                incoming.append(bytes)
            } else {
                // No answer can be queued while a body comes in: read on, then say why.
                let response = refuse(.bodyTooLarge(limit: configuration.maximumBodyBytes), incoming.head)
                exchange.phase = .discarding(EarlyAnswer(response: response, head: incoming.head, closes: true))
            }
            return .YES
        case .discarding(var answer):
            answer.discarded += bytes.count
            exchange.phase = .discarding(answer)
            return answer.discarded <= Self.discardLimit ? .YES : .NO
        case .readingHeaders, .handling, .answered:
            return .YES
        }
    }

    /// The body has ended, or the connection was resumed.
    func goOn(_ connection: OpaquePointer, _ exchange: Exchange) -> MHD_Result {
        switch exchange.phase {
        case .receiving(let incoming):
            return unsafe handOver(incoming.finish(), connection, exchange)
        case .discarding(let answer):
            return unsafe queue(answer.response, answer.head, connection, exchange, closing: answer.closes)
        case .handling(let handover):
            guard let answer = handover.takeAnswer() else { return .YES }
            return unsafe queue(answer, handover.head, connection, exchange)
        case .readingHeaders, .answered:
            return .YES
        }
    }

    /// A request has ended.
    func requestEnded(_ exchange: Exchange) {
        if exchange.lingers { lingering.adopt(duplicating: exchange.socket) }
        table.move(exchange.socket, to: .idle)
        gate.requestEnded()
    }

    /// Answers in the handler's place. True when there was no answer yet.
    @discardableResult func expire(_ handover: Handover) -> Bool {
        guard handover.expire(with: service.refusal(.overdue, handover.head)) else { return false }
        tally.withLock {
            $0.refusals += 1
            $0.overdue += 1
        }
        service.events(.refused(.overdue, handover.head.peer))
        return true
    }

    /// What is wrong with the client's certificate where one is asked for. Without a session nothing was presented.
    private func clientFault(_ connection: OpaquePointer) -> ClientCertificateFault? {
        guard let clients = certificates?.current?.clients else { return nil }
        guard let session = unsafe cmhd_tls_session(connection) else { return .missing }
        return unsafe clients.fault(in: session)
    }

    private func earlyAnswer(to head: HTTPRequestHead, isKnown: Bool) -> EarlyAnswer? {
        guard isKnown else {
            return EarlyAnswer(response: refuse(.unknownMethod, head), head: head, closes: false)
        }
        if let response = service.prepare(head) {
            tally.withLock { $0.earlyAnswers += 1 }
            return EarlyAnswer(response: response, head: head, closes: false)
        }
        guard head.contentLength ?? 0 > UInt64(configuration.maximumBodyBytes) else { return nil }
        let refusal = HTTPRefusal.bodyTooLarge(limit: configuration.maximumBodyBytes)
        return EarlyAnswer(response: refuse(refusal, head), head: head, closes: true)
    }

    /// Answers before the body: at once where it is long or the client waits with it, which ends the connection; else
    /// after throwing it away, which keeps the connection.
    private func answerEarly(_ answer: EarlyAnswer, _ connection: OpaquePointer, _ exchange: Exchange) -> MHD_Result {
        let isLong = answer.head?.contentLength ?? 0 > UInt64(configuration.maximumBodyBytes)
        if isLong || answer.head?.expectsContinue ?? false && answer.head?.hasBody ?? false {
            return unsafe queueUnread(answer, connection, exchange)
        }
        exchange.phase = .discarding(answer)
        return .YES
    }

    /// Queues an answer with the body unread. libmicrohttpd closes the connection after it.
    private func queueUnread(_ answer: EarlyAnswer, _ connection: OpaquePointer, _ exchange: Exchange) -> MHD_Result {
        exchange.lingers = true
        return unsafe queue(answer.response, answer.head, connection, exchange, closing: true)
    }

    /// Gives the request to its handler, which runs on this loop as soon as libmicrohttpd has nothing more to do.
    private func handOver(_ request: HTTPRequest, _ connection: OpaquePointer, _ exchange: Exchange) -> MHD_Result {
        let limit = request.deadline + configuration.requestDeadlineMargin
        let handover = Handover(head: request.head, limit: limit, gate: gate)
        guard gate.enter(handover) else {
            let response = refuse(.stopping, request.head)
            return unsafe queue(response, request.head, connection, exchange, closing: true)
        }
        exchange.phase = .handling(handover)
        table.move(exchange.socket, to: .handling)
        tally.withLock { $0.handledRequests += 1 }
        // Free of any structure: it begins in a C callback. The gate counts it, and the reaper and the drain end it.
        let handler = service.handler
        handover.attach(
            Task(executorPreference: exchange.daemon.loop) { handover.finish(await handler(request)) })
        unsafe handover.suspend(connection, of: exchange.daemon)
        return .YES
    }

    private func queue(
        _ response: HTTPResponse, _ head: HTTPRequestHead?, _ connection: OpaquePointer, _ exchange: Exchange,
        closing: Bool = false
    ) -> MHD_Result {
        exchange.phase = .answered
        table.move(exchange.socket, to: .answering)
        let closing = closing || gate.isDraining
        switch unsafe ResponseQueue.queue(response, on: connection, closing: closing) {
        case .queued: return .YES
        case .failed: return .NO
        case .unusable:
            if let head { service.events(.unusableResponse(head)) }
            let empty = HTTPResponse(status: 500)
            return unsafe ResponseQueue.queue(empty, on: connection, closing: true) == .queued ? .YES : .NO
        }
    }

    private func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead) -> HTTPResponse {
        refuse(refusal, head, from: head.peer)
    }

    private func refuse(_ refusal: HTTPRefusal, _ head: HTTPRequestHead?, from peer: PeerAddress) -> HTTPResponse {
        tally.withLock { $0.refusals += 1 }
        service.events(.refused(refusal, peer))
        return service.refusal(refusal, head)
    }
}

extension HTTPRequestHead {
    /// The head of a request whose target and fields were checked.
    fileprivate init(_ method: HTTPMethod, _ target: RequestTarget, _ fields: HeaderValidation, _ peer: PeerAddress) {
        self.init(
            method: method == .head ? .get : method, isHead: method == .head, path: target.path, query: target.query,
            headers: fields.headers, contentLength: fields.contentLength, isChunked: fields.isChunked, peer: peer)
    }
}
