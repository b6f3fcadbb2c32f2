/// Why an answer cannot be taken for STS's. No case holds anything of the answer but names of AWS's own elements.
enum STSAnswerError: Error, Sendable, Equatable {
    /// The document ends too soon.
    case truncated
    /// No XML of the kind that STS sends; the text says where.
    case malformed(String)
    /// Deeper, or with more elements, than any answer of STS.
    case tooComplex
    /// The root element is none of STS's: a proxy's HTML page, or another service.
    case unknownRoot
    /// An element that must be there is not.
    case missing(String)
    /// An element that must hold something is empty.
    case empty(String)
    /// An element stands twice.
    case duplicate(String)
    /// An element's value is not of its kind.
    case invalid(String)
    /// The session is not the one that was asked for.
    case otherSession
    /// The session has expired by our clock.
    case expired
    /// The session lives longer than was asked for, beyond what clocks may differ.
    case livesTooLong
}

extension STSAnswerError: CustomStringConvertible {
    /// One line for the log.
    var description: String {
        switch self {
        case .truncated: "the answer ends too soon"
        case .malformed(let part): "the answer is no XML of STS's kind: \(part)"
        case .tooComplex: "the answer is deeper or has more elements than any of STS's"
        case .unknownRoot: "the answer is no answer of STS: look for a proxy in between"
        case .missing(let name): "the answer lacks \(name)"
        case .empty(let name): "\(name) is empty"
        case .duplicate(let name): "\(name) stands twice"
        case .invalid(let name): "\(name) is not of its kind"
        case .otherSession: "the assumed role's ARN is not that of the granted role and session name"
        case .expired: "the credentials have expired: compare the gateway's clock"
        case .livesTooLong: "the credentials live longer than was asked for: compare the gateway's clock"
        }
    }
}
