package import StrictJSON

/// What Vela sets in the environment of a step that has `id_request`.
package struct StepEnvironment: Sendable {
    /// Where to ask for an ID token.
    package let requestURL: String
    /// The bearer token to ask with.
    package let requestToken: String

    /// As `POST /_dev/builds` answers.
    package var document: JSONValue {
        .object(
            JSONObject([
                .init("request_url", .string(requestURL)),
                .init("request_token", .string(requestToken)),
            ]))
    }
}
