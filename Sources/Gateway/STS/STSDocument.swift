import Secrets

/// The values of an answer that mean something to us, by their path of element names.
///
/// By name and never by order, as AWS promises no order. Elements that we do not know are passed over, but must be
/// well-formed; a known one that stands twice is refused, because then somebody could mean the other.
struct STSDocument: Sendable {
    /// The root element's name.
    let root: String
    private let values: Values

    /// What we look for.
    enum Field: String, Sendable {
        case accessKeyID = "AccessKeyId"
        case secretAccessKey = "SecretAccessKey"
        case sessionToken = "SessionToken"
        case expiration = "Expiration"
        case assumedRoleARN = "Arn"
        case assumedRoleID = "AssumedRoleId"
        case packedPolicySize = "PackedPolicySize"
        case callerARN = "GetCallerIdentityResult/Arn"
        case callerAccount = "Account"
        case callerID = "UserId"
        case requestID = "RequestId"
        case errorCode = "Code"
        case errorMessage = "Message"
    }

    /// Depth of STS's deepest element is 4; other implementations add a wrapper at most.
    private static let deepest = 8
    /// STS's longest answer has 16 elements.
    private static let mostElements = 64

    /// Reads one whole document: one root, nothing but blanks after it.
    init(parsing body: Secret) throws(STSAnswerError) {
        (root, values) = try body.withBytes { (bytes) throws(STSAnswerError) in try Self.read(bytes) }
    }

    /// The bytes of `field`, nil where it is absent.
    subscript(field: Field) -> Secret? { values.first { $0.field == field }?.value }

    /// What was found: so few that to look at each is quicker than to hash.
    private typealias Values = [(field: Field, value: Secret)]

    private static func read(_ bytes: Span<UInt8>) throws(STSAnswerError) -> (String, Values) {
        var reader = XMLReader()
        var path = OpenElements()
        var values: Values = []
        while true {
            switch try reader.next(in: bytes) {
            case .open(let name, let isEmpty):
                try path.open(name, of: bytes)
                guard path.depth <= deepest, path.count <= mostElements else { throw .tooComplex }
                if isEmpty { try store(path.close(name, of: bytes), of: bytes, in: &values) }
            case .close(let name): try store(path.close(name, of: bytes), of: bytes, in: &values)
            case .text(let range): try path.add(text: range, of: bytes)
            case .end:
                guard let root = path.root else { throw .malformed("no element") }
                guard path.depth == 0 else { throw .truncated }
                return (root, values)
            }
        }
    }

    /// Keeps the value of an element that has just been closed, if it is one of ours.
    private static func store(
        _ element: OpenElements.Closed, of bytes: Span<UInt8>, in values: inout Values
    ) throws(STSAnswerError) {
        let text = element.text ?? 0..<0
        // Checked in any case: a wrong reference in an element we do not know is a wrong document all the same.
        guard let field = element.field else { return try XMLText.check(text, of: bytes) }
        let value = try XMLText.decode(text, of: bytes)
        guard !element.hasChildren else { throw .invalid(field.rawValue) }
        guard !values.contains(where: { $0.field == field }) else { throw .duplicate(field.rawValue) }
        values.append((field, value))
    }
}
