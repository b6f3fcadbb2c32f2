import MicroHTTPD

/// The issuer's listener: the two public documents and nothing else, at the paths that they have in the issuer's URL.
struct IssuerRoutes: Sendable {
    let issuer: OwnIssuer

    /// What metrics and logs call a path.
    func route(_ path: String) -> String {
        for known in [IssuerDocuments.discoveryPath, IssuerDocuments.keySetPath] where path == issuer.url.path + known {
            return known
        }
        return "other"
    }

    /// The answer where nothing is to be read.
    func prepare(_ head: HTTPRequestHead) -> HTTPResponse? {
        guard route(head.path) != "other" else { return .text(404, "There is no such path.") }
        guard head.method == .get else {
            var response = HTTPResponse.text(405, "Use GET, HEAD.")
            response.headers.append((name: "Allow", value: "GET, HEAD"))
            return response
        }
        return nil
    }

    func respond(to request: HTTPRequest) -> HTTPResponse {
        let documents = issuer.documents
        let isKeySet = request.path.hasSuffix(IssuerDocuments.keySetPath)
        return HTTPResponse(
            status: 200,
            headers: [
                (name: "Content-Type", value: "application/json"),
                // Short against the day that a new key waits, long enough for a cache in between to help.
                (name: "Cache-Control", value: "public, max-age=300"),
            ], body: .bytes(isKeySet ? documents.keySet : documents.discovery))
    }
}
