/// Who comes in besides those who are meant.
extension LintedTrust {
    /// In issuer mode the role takes the gateway's tokens; who takes a step's own as well has no gate.
    func directTrust(_ entrance: TrustEntrance) -> [TrustRemark] {
        guard expectations.gateway != nil, entrance.source.isHeldBySteps else { return [] }
        return [
            TrustRemark(
                "it takes the tokens of \(entrance.provider.address.quoted), which steps hold: a step that calls AWS STS with "
                    + "its own token passes the gateway, its policy and its audit",
                remedy: "take this statement out, and leave the one for the gateway's issuer")
        ]
    }

    /// Without a statement for it, every exchange ends with AWS's AccessDenied.
    var missingTrust: TrustRemark? {
        if let gateway = expectations.gateway {
            guard !entrances.contains(where: { $0.source == .gateway }) else { return nil }
            return TrustRemark(
                "no statement takes the tokens of the gateway's issuer \(gateway.quoted), so the gateway gets no credentials",
                remedy: "add one; vela-aws-gateway trust-policy print writes it")
        }
        guard !entrances.contains(where: { $0.source.isHeldBySteps }) else { return nil }
        return TrustRemark(
            "no statement takes the tokens of a Vela that was named, so the gateway gets no credentials in forward mode",
            remedy: "name Vela's issuer by --vela-issuer or --policy, or the gateway's own by --gateway-issuer")
    }

    func wrongPartition(_ entrance: TrustEntrance) -> [TrustRemark] {
        let provider = entrance.provider
        if let role = expectations.role, role.partition.rawValue != provider.partition {
            return [
                TrustRemark(
                    "the provider is of the partition \(provider.partition.quoted) and the role of "
                        + "\(role.partition.rawValue), so nobody comes in",
                    remedy: "write arn:\(role.partition.rawValue):iam::\(role.account):oidc-provider/...")
            ]
        }
        guard Partition(rawValue: provider.partition) == nil else { return [] }
        let known = Partition.allCases.map(\.rawValue).joined(separator: ", ")
        return [TrustRemark("there is no partition \(provider.partition.quoted)", remedy: "write one of \(known)")]
    }

    /// IAM takes such an ARN and looks for the provider in the role's account all the same.
    func wrongAccount(_ entrance: TrustEntrance) -> [TrustRemark] {
        guard let role = expectations.role, role.account != entrance.provider.account else { return [] }
        return [
            TrustRemark(
                "the provider is of account \(entrance.provider.account.quoted) and the role of \(role.account), and a role "
                    + "takes tokens of its own account's providers only",
                remedy: "make the provider in account \(role.account) and name that one")
        ]
    }
}

extension TrustEntrance {
    var unknownProvider: [TrustRemark] {
        guard source == .unknown else { return [] }
        return [
            TrustRemark(
                "it takes the tokens of \(provider.address.quoted), which is no issuer that was named: whoever gets one "
                    + "comes in without the gateway",
                remedy:
                    "name it by --gateway-issuer, --vela-issuer or --policy if it is one of yours; else take it out, or "
                    + "give it a role of its own")
        ]
    }
}

extension TrustStatement {
    var everyone: [TrustRemark] {
        guard !excludesPrincipals, principals.contains(.everyone) else { return [] }
        return [
            TrustRemark(
                "its Principal is everyone: every account, and every provider of this one",
                remedy: "name the one provider: {\"Federated\": \"arn:...:oidc-provider/...\"}")
        ]
    }

    var wholeAccounts: [TrustRemark] {
        principals.compactMap { if case .account(let number) = $0 { number } else { nil } }.map { number in
            TrustRemark(
                "everybody of account \(number) whom an IAM policy there lets assume roles comes in, a step with another "
                    + "role's credentials too",
                remedy: "take it out; for people in need make a role of its own, or name the one role that may")
        }
    }

    var otherPrincipals: [TrustRemark] {
        let others: [String] = principals.compactMap { principal in
            switch principal {
            case .identity(let text), .service(let text): text
            // A text that means to be an OpenID Connect provider is said to be malformed.
            case .federation(let text): text.isProviderSpelling ? nil : text
            case .everyone, .provider, .account: nil
            }
        }
        guard !excludesPrincipals, !others.isEmpty else { return [] }
        return [
            TrustRemark(
                "\(others.shownAsList) may assume the role too, without the gateway's policy and audit",
                remedy: "give the gateway's steps a role that takes nobody else")
        ]
    }

    var notPrincipal: [TrustRemark] {
        guard excludesPrincipals else { return [] }
        return [
            TrustRemark(
                "NotPrincipal in an Allow lets everybody in who is not named",
                remedy: "name in Principal who may, and leave NotPrincipal out")
        ]
    }

    var notAction: [TrustRemark] {
        guard actions.isExcluding else { return [] }
        return [
            TrustRemark(
                "NotAction in an Allow allows every way to assume the role that it does not name",
                remedy: "write Action: sts:AssumeRoleWithWebIdentity, and what else is needed by name")
        ]
    }

    var malformedProviders: [TrustRemark] {
        principals.compactMap { principal in
            let (text, fault): (String, String?) =
                switch principal {
                case .provider(let provider): (provider.arn, provider.addressFault)
                case .federation(let text): (text, text.isProviderSpelling ? "is no ARN of a provider" : nil)
                case .everyone, .account, .identity, .service: ("", nil)
                }
            return fault.map { fault in
                TrustRemark(
                    "the provider \(text.quoted) \(fault), so it is none and nobody comes in",
                    remedy: "write arn:PARTITION:iam::ACCOUNT:oidc-provider/HOST/PATH, as aws iam "
                        + "list-open-id-connect-providers shows it")
            }
        }
    }
}

extension String {
    /// A Federated principal is the ARN of a provider, or the name of one of the few that AWS knows by itself.
    fileprivate var isProviderSpelling: Bool {
        let builtIn = [
            "accounts.google.com", "cognito-identity.amazonaws.com", "www.amazon.com", "graph.facebook.com",
        ]
        return !builtIn.contains(self) && !contains(":saml-provider/")
    }
}
