import Logging
import MicroHTTPD
import OutboundHTTP

extension GatewayConfiguration {
    /// Reads all settings, or throws all faults at once. config.example.yaml documents each key.
    init(_ settings: consuming Settings, hostName: String) throws(ConfigurationError) {
        var settings = settings
        service = settings.address("listen") ?? .ip(host: "127.0.0.1", port: 8080)
        health = settings.address("health_listen") ?? .ip(host: "0.0.0.0", port: 9090)
        administration = settings.administrationAddress()
        tls = settings.tlsFiles()
        allowsPlaintext = settings.bool("allow_plaintext") ?? false
        policyPath = settings.required("policy", "the path of a policy file or folder")
        allowsWritablePolicy = settings.bool("allow_writable_policy") ?? false
        sts = settings.stsEndpoints()
        stsProfiles = settings.stsProfiles()
        outbound = settings.outbound()
        auditSinks = settings.auditTargets()
        auditPatience =
            settings.duration("audit_patience", in: .milliseconds(100)...Duration.seconds(60)) ?? .seconds(2)
        threads = settings.integer("threads", in: 1...64) ?? 2
        requestDeadline = settings.duration("request_deadline", in: .seconds(1)...Duration.seconds(300)) ?? .seconds(10)
        admission = settings.admissionLimits()
        oneUse = settings.oneUse()
        issuer = settings.issuer()
        emergency = settings.emergency(beside: oneUse)
        requestsPerAddress = settings.integer("requests_per_address", in: 1...100_000)
        trustedProxies =
            settings.value(
                "trusted_proxies", expected: "addresses or CIDRs with commas between, such as 10.0.0.0/8, or unix",
                TrustedProxies.init(setting:)) ?? .none
        whoami = settings.value("whoami", expected: "claims or rules", WhoamiDetail.init(rawValue:)) ?? .claims
        drainDelay = settings.duration("drain_delay", in: .zero...Duration.seconds(3600)) ?? .seconds(5)
        drainGrace = settings.duration("drain_grace", in: .zero...Duration.seconds(3600)) ?? .seconds(15)
        logLevel =
            settings.value("log_level", expected: "one of \(Logger.Level.names)", Logger.Level.init(rawValue:)) ?? .info
        readyFile = settings.string("ready_file")
        replica = settings.string("replica") ?? hostName
        if !service.isLoopback, tls == nil, !allowsPlaintext {
            settings.report(
                "listen: \(service) is not loopback and has no TLS; set tls_certificate and tls_key, or allow_plaintext=true when TLS ends in front of the gateway"
            )
        }
        settings.reportUnknownKeys()
        guard settings.faults.isEmpty else { throw ConfigurationError(faults: settings.faults) }
    }

    /// Whether callers' tokens travel in the clear beyond this machine.
    var isPlaintextOffLoopback: Bool { !service.isLoopback && tls == nil }
}

extension Settings {
    fileprivate mutating func required(_ key: String, _ meaning: String) -> String {
        if let value = string(key) { return value }
        report("\(key): missing; set \(Self.environmentPrefix)\(key.uppercased()) to \(meaning)")
        return ""
    }

    fileprivate mutating func address(_ key: String) -> ListenAddress? {
        value(
            key, expected: "an address such as 127.0.0.1:8080, [::1]:8080 or unix:/run/gateway.sock",
            ListenAddress.init(setting:))
    }

    /// There is no password on this listener: only who is on this machine, or may forward a port to it, may come.
    fileprivate mutating func administrationAddress() -> ListenAddress? {
        let usual = ListenAddress.ip(host: "127.0.0.1", port: 9091)
        let given = value(
            "admin_listen",
            expected: "an address on loopback such as 127.0.0.1:9091 or unix:/run/gateway-admin.sock, or off"
        ) { text -> AdministrationAddress? in
            text == "off" ? .off : ListenAddress(setting: text).map(AdministrationAddress.on)
        }
        guard case .on(let address) = given ?? .on(usual) else { return nil }
        if !address.isLoopback {
            report(
                "admin_listen: \(address) is not loopback, and this listener asks nobody who he is; use 127.0.0.1:9091 and reach it by 'kubectl port-forward POD 9091' or 'ssh -L 9091:127.0.0.1:9091 HOST'"
            )
        }
        return address
    }

    private enum AdministrationAddress {
        case off
        case on(ListenAddress)
    }

    fileprivate mutating func stsEndpoints() -> STSEndpoints {
        STSEndpoints(
            usesFIPS: bool("sts_fips") ?? false, usesDualStack: bool("sts_dual_stack") ?? false,
            override: value("sts_endpoint", expected: "an https URL, or http on loopback") { text in
                do throws(OutboundURLError) { return try OutboundURL(parsing: text) } catch { return nil }
            })
    }

    /// How issuers and STS are reached.
    mutating func outbound() -> OutboundConfiguration {
        var outbound = OutboundConfiguration(userAgent: Version.userAgent)
        outbound.caFile = string("outbound_ca_file")
        outbound.proxy = string("outbound_proxy")
        return outbound
    }

    fileprivate mutating func admissionLimits() -> AdmissionLimits {
        var limits = AdmissionLimits()
        limits.concurrent = integer("sts_concurrency", in: 1...4096) ?? limits.concurrent
        limits.concurrentPerRepository =
            integer("sts_concurrency_per_repository", in: 1...4096)
            ?? min(limits.concurrentPerRepository, limits.concurrent)
        limits.waiting = integer("sts_queue", in: 0...65_536) ?? limits.waiting
        limits.waitingPerRepository =
            integer("sts_queue_per_repository", in: 0...65_536) ?? min(limits.waitingPerRepository, limits.waiting)
        if limits.concurrentPerRepository > limits.concurrent {
            report("sts_concurrency_per_repository must not be above sts_concurrency, \(limits.concurrent)")
        }
        if limits.waitingPerRepository > limits.waiting {
            report("sts_queue_per_repository must not be above sts_queue, \(limits.waiting)")
        }
        limits.patience =
            duration("sts_queue_patience", in: .milliseconds(10)...Duration.seconds(60)) ?? limits.patience
        return limits
    }

    fileprivate mutating func auditTargets() -> [AuditTarget] {
        value("audit", expected: "stdout, file:/path, or both with a comma, each once") { text in
            let parts = text.split(separator: ",", omittingEmptySubsequences: false)
            let targets = parts.compactMap { AuditTarget(setting: String($0)) }
            return targets.count == parts.count && Set(parts).count == parts.count ? targets : nil
        } ?? [.standardOutput]
    }
}

extension AuditTarget {
    fileprivate init?(setting text: String) {
        switch text {
        case "stdout": self = .standardOutput
        case let text where text.hasPrefix("file:/"): self = .file(String(text.dropFirst("file:".count)))
        default: return nil
        }
    }
}

extension ListenAddress {
    /// `host:port`, `[v6]:port` or `unix:/path`.
    init?(setting text: String) {
        if text.hasPrefix("unix:/") {
            self = .unix(path: String(text.dropFirst("unix:".count)))
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(digits: text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self = .ip(host: String(host), port: port)
    }

    /// Whether only this machine can reach it.
    var isLoopback: Bool {
        switch self {
        case .unix: true
        case .ip(let host, _): host == "localhost" || host == "::1" || Self.isLoopbackIPv4(host)
        }
    }

    /// 127.0.0.0/8 in the usual notation, and nothing that merely begins so.
    private static func isLoopbackIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8(digits: $0) != nil }
    }
}

extension Logger.Level {
    fileprivate static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
