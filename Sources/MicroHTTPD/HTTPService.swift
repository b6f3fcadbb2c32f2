/// What a server serves: the closures given at start.
struct HTTPService: Sendable {
    let events: @Sendable (HTTPServerEvent) -> Void
    let prepare: @Sendable (HTTPRequestHead) -> HTTPResponse?
    let refusal: @Sendable (HTTPRefusal, HTTPRequestHead?) -> HTTPResponse
    let handler: @Sendable (HTTPRequest) async -> HTTPResponse
}
