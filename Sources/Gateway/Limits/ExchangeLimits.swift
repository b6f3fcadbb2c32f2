import ExchangeCore
import MicroHTTPD

/// What bounds callers: how often an address may ask, and how many exchanges may be at STS.
struct ExchangeLimits: Sendable {
    var admission = Admission()
    /// Nil sets no limit.
    var addresses: AddressLimit?
    var proxies = TrustedProxies.none

    /// Refuses a call of an address that asks too often, before anything is read.
    func check(_ call: Call) throws(Refusal) { try addresses?.check(call.source) }
}

extension Exchange {
    /// What is noted of a request before its content is read.
    func call(_ request: HTTPRequest, within patience: Duration? = nil) -> Call {
        // A proxy may add a line of its own instead of going on with the last one; the two mean the same.
        let forwarded = request.headers.all("x-forwarded-for")
        let source = limits.proxies.source(
            of: request.peer, forwardedFor: forwarded.isEmpty ? nil : forwarded.joined(separator: ","))
        return Call(request, from: source, receivedAt: now(), within: patience)
    }
}
