import ExchangeAPI
import StrictJSON

extension OpenAPIDocument {
    /// The statuses of a route's errors in ascending order, but for the fronts that speak STS.
    static func problemStatuses(of route: ServiceRoutes.Route) -> [Int] {
        Set(ProblemCode.allCases.filter(route.canAnswer).map(\.page.status)).sorted()
    }

    /// The members of `responses` for what a route refuses, in its dialect.
    static func problems(of route: ServiceRoutes.Route) -> String {
        let codes = ProblemCode.allCases.filter(route.canAnswer)
        return problemStatuses(of: route).map { status in
            response(status, codes.filter { $0.page.status == status }, isContainer: route == .container)
        }.joined(separator: ",\n")
    }

    /// A method that this listener does not know has 501 in plain text; it belongs to no operation.
    private static func response(_ status: Int, _ codes: [ProblemCode], isContainer: Bool) -> String {
        let words = codes.map { "\($0.rawValue): \($0.page.title)." }.joined(separator: " ")
        let enumeration = codes.map { #""\#($0.rawValue)""# }.joined(separator: ", ")
        let kind = isContainer ? "ContainerError" : "Problem"
        return #"""
                  "\#(status)": {
                    "description": \#(quoted(words)),
                    "headers": { \#(headers(of: status, codes)) },
                    "content": {
                      "\#(isContainer ? "application/json" : Problem.mediaType)": {
                        "schema": {
                          "allOf": [
                            { "$ref": "#/components/schemas/\#(kind)" }, { "properties": { "code": { "enum": [\#(enumeration)] } } }
                          ]
                        },
                        "examples": { \#(codes.map { example(of: $0, isContainer: isContainer) }.joined(separator: ", ")) }
                      }
                    }
                  }
            """#
    }

    private static func headers(of status: Int, _ codes: [ProblemCode]) -> String {
        var headers = [##""X-Request-Id": { "$ref": "#/components/headers/RequestID" }"##]
        if codes.contains(where: \.page.retryable) {
            headers.append(##""Retry-After": { "$ref": "#/components/headers/RetryAfter" }"##)
        }
        if status == 405 { headers.append(#""Allow": { "required": true, "schema": { "type": "string" } }"#) }
        return headers.joined(separator: ", ")
    }

    /// Written by the type that the answers are written by.
    private static func example(of code: ProblemCode, isContainer: Bool) -> String {
        let (page, id) = (code.page, "0123456789abcdef0123456789abcdef")
        let problem = Problem(
            code: code.rawValue, title: page.title, status: page.status, detail: page.remedy, retryable: page.retryable,
            requestID: id)
        let value =
            isContainer
            ? #"{ "code": "\#(code.rawValue)", "message": \#(quoted("\(page.remedy) [request \(id)]")) }"#
            : String(decoding: problem.bytes, as: UTF8.self)
        return #""\#(code.rawValue)": { "value": \#(value) }"#
    }

    /// What the fronts for STS answer: AWS's XML, whose elements no JSON schema describes.
    static func stsResponses(of route: ServiceRoutes.Route) -> String {
        var statuses = [
            (200, "AssumeRoleWithWebIdentityResponse."),
            (
                400,
                "ErrorResponse: ValidationError, InvalidIdentityToken, ExpiredTokenException, MalformedPolicyDocument, PackedPolicyTooLarge, InvalidResponse, Throttling, or a code of AWS's own."
            ),
            (403, "ErrorResponse: AccessDenied, or a code of AWS's own."),
            (405, "ErrorResponse: ValidationError; the method is not POST."),
            (413, "ErrorResponse: ValidationError; the body has more than 64 KiB."),
            (415, "ErrorResponse: ValidationError; the body is no form."),
            (503, "ErrorResponse: ServiceUnavailable; the gateway, the issuer's keys or STS cannot be had."),
        ]
        if route == .stsProfile {
            statuses.insert((404, "ErrorResponse: ValidationError; no profile can have this name."), at: 3)
        }
        return statuses.map { status, words in
            let allow = status == 405 ? #", "Allow": { "required": true, "schema": { "type": "string" } }"# : ""
            return #"""
                      "\#(status)": {
                        "description": \#(quoted(words)),
                        "headers": { "X-Request-Id": { "$ref": "#/components/headers/RequestID" }\#(allow) },
                        "content": { "text/xml": { "schema": {} } }
                      }
                """#
        }.joined(separator: ",\n")
    }

    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter(into: [UInt8]())
        writer.string(text)
        return String(decoding: writer.finish(), as: UTF8.self)
    }
}
