import StrictJSON

extension STSDocument {
    /// The elements that lead to a field, by the number of the element around them: a tree, so that no path is ever written down.
    struct Places: Sendable {
        /// Around the root.
        static let outside = 0
        static let known = Places()

        private struct Place: Sendable {
            var children: [(name: [UInt8], place: Int)] = []
            var field: Field?
        }

        private var places = [Place()]

        /// The place of the element called `name` within `place`; nil for one that leads nowhere.
        func child(_ name: Span<UInt8>, of place: Int?) -> Int? {
            guard let place else { return nil }
            for child in places[place].children where child.name.span.hasSameBytes(as: name) { return child.place }
            return nil
        }

        /// The field whose value an element holds; nil for an element of another kind.
        func field(at place: Int?) -> Field? { place.flatMap { places[$0].field } }

        /// Where each field stands, in AWS's documents and in those of other implementations.
        private init() {
            let identity = ["GetCallerIdentityResponse", "GetCallerIdentityResult"]
            let result = ["AssumeRoleWithWebIdentityResponse", "AssumeRoleWithWebIdentityResult"]
            add(.accessKeyID, at: result + ["Credentials", "AccessKeyId"])
            add(.secretAccessKey, at: result + ["Credentials", "SecretAccessKey"])
            add(.sessionToken, at: result + ["Credentials", "SessionToken"])
            add(.expiration, at: result + ["Credentials", "Expiration"])
            add(.assumedRoleARN, at: result + ["AssumedRoleUser", "Arn"])
            add(.assumedRoleID, at: result + ["AssumedRoleUser", "AssumedRoleId"])
            add(.assumedRoleID, at: result + ["AssumedRoleUser", "AssumeRoleId"])
            add(.packedPolicySize, at: result + ["PackedPolicySize"])
            add(.callerARN, at: identity + ["Arn"])
            add(.callerAccount, at: identity + ["Account"])
            add(.callerID, at: identity + ["UserId"])
            add(.requestID, at: ["AssumeRoleWithWebIdentityResponse", "ResponseMetadata", "RequestId"])
            add(.requestID, at: ["ErrorResponse", "RequestId"])
            for error in [["ErrorResponse", "Error"], ["Error"]] {
                add(.requestID, at: error + ["RequestId"])
                add(.errorCode, at: error + ["Code"])
                add(.errorMessage, at: error + ["Message"])
            }
        }

        private mutating func add(_ field: Field, at path: [String]) {
            var place = Self.outside
            for name in path {
                let name = Array(name.utf8)
                if let child = child(name.span, of: place) {
                    place = child
                } else {
                    places.append(Place())
                    places[place].children.append((name, places.count - 1))
                    place = places.count - 1
                }
            }
            places[place].field = field
        }
    }
}
