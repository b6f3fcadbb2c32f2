import StrictJSON

extension Claims {
    /// The claims of a verified payload in the form its issuer's kind says. `aud` becomes the one text it holds, array
    /// or not, so that a condition sees one form.
    init(verified payload: JSONObject, audience: String, of issuer: Issuer) throws(Refusal) {
        if !issuer.passesAWSClaims { try Self.refuseAWSClaims(in: payload) }
        var members = payload
        members["aud"] = .string(audience)
        switch issuer.kind {
        case .vela: self = try .vela(members, absentPullForkIsFalse: issuer.absentPullForkIsFalse)
        case .generic: self.init(members: members)
        }
    }

    /// STS obeys such claims of a token: they give the session tags and a source identity, by which other policies decide. Whoever
    /// can get one into a token would choose them.
    private static func refuseAWSClaims(in payload: JSONObject) throws(Refusal) {
        guard let claim = payload.members.first(where: { $0.name.speaksToAWS }) else { return }
        throw .tokenClaims(cause: "it has the claim \(claim.name.cut()), which would speak to AWS")
    }
}

extension String {
    /// Without regard to case: how exactly AWS compares is written nowhere.
    fileprivate var speaksToAWS: Bool {
        let prefix = "https://aws.amazon.com/".utf8
        return utf8.count >= prefix.count && zip(utf8, prefix).allSatisfy { $0.lowercasedASCII == $1 }
    }
}
