import StrictJSON

extension Claims {
    /// The claims of a verified payload in the form its issuer's kind says. `aud` becomes the one text it holds, array
    /// or not, so that a condition sees one form.
    init(verified payload: JSONObject, audience: String, of issuer: Issuer) throws(Refusal) {
        var members = payload
        members["aud"] = .string(audience)
        switch issuer.kind {
        case .vela: self = try .vela(members, absentPullForkIsFalse: issuer.absentPullForkIsFalse)
        case .generic: self.init(members: members)
        }
    }
}
