import Foundation
import StrictJSON

/// The parameters of a step as its pipeline writes them, and the variables that Vela makes of them.
struct VelaStep {
    var parameters: [String: JSONValue]

    /// Vela's rules: the key in upper case; a list of scalars with commas; a mapping as JSON with sorted keys; null not
    /// at all.
    var variables: [String: String] {
        var variables: [String: String] = [:]
        for (key, value) in parameters {
            variables["PARAMETER_" + key.uppercased()] = Self.text(value)
        }
        return variables
    }

    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .string(let text): text
        case .array(let values) where values.allSatisfy { $0.object == nil }:
            values.compactMap(text).joined(separator: ",")
        default: String(decoding: value.bytes, as: UTF8.self)
        }
    }
}

extension Scene {
    /// Starts the client as Vela starts a step: with what Vela gives and the step's parameters, nothing else.
    func startClient(
        _ step: Stack.Step, _ gatewayURL: String, _ parameters: [String: JSONValue] = [:], arguments: [String] = [],
        variables more: [String: String] = [:]
    ) throws -> Child {
        var all: [String: JSONValue] = [
            "role": .string(Gateway.role), "gateway_url": .string(gatewayURL),
        ]
        all.merge(parameters) { $1 }
        var variables = VelaStep(parameters: all).variables
        variables["VELA_ID_TOKEN_REQUEST_URL"] = step.url
        variables["VELA_ID_TOKEN_REQUEST_TOKEN"] = step.token
        return try start(Programs.client, arguments, variables: variables.merging(more) { $1 }, name: "client")
    }

    /// Runs the client to its end.
    func client(
        _ step: Stack.Step, _ gatewayURL: String, _ parameters: [String: JSONValue] = [:], arguments: [String] = []
    ) async throws -> Child.Ended {
        let child = try startClient(step, gatewayURL, parameters, arguments: arguments)
        return Child.Ended(status: try await child.finish(), output: child.output, errors: child.errors)
    }
}
