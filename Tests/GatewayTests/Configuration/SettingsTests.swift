import ExchangeCore
import Logging
import MicroHTTPD
import OutboundHTTP
import RedisClient
import Testing

@testable import Gateway

/// Every setting, from wherever it comes.
struct SettingsTests {
    @Test func `without settings but the policy everything has its default`() throws {
        let configuration = try read(["policy": "p"])
        #expect(configuration.service == .ip(host: "127.0.0.1", port: 8080))
        #expect(configuration.health == .ip(host: "0.0.0.0", port: 9090))
        #expect(configuration.administration == .ip(host: "127.0.0.1", port: 9091))
        #expect(configuration.tls == nil && !configuration.allowsPlaintext && !configuration.allowsWritablePolicy)
        #expect(configuration.auditSinks == [.standardOutput] && configuration.auditPatience == .seconds(2))
        #expect(configuration.threads == 2 && configuration.requestDeadline == .seconds(10))
        #expect(configuration.drainDelay == .seconds(5) && configuration.drainGrace == .seconds(15))
        #expect(configuration.logLevel == .info && configuration.readyFile == nil && configuration.replica == "host")
        #expect(configuration.sts.override == nil && !configuration.sts.usesFIPS && !configuration.sts.usesDualStack)
    }

    @Test func `reads every setting`() throws {
        let configuration = try read([
            "listen": "[::1]:1", "health_listen": "unix:/run/h.sock", "tls_certificate": "c", "tls_key": "k",
            "tls_client_ca": "a", "tls_client_auth": "optional", "allow_plaintext": "true", "policy": "p",
            "allow_writable_policy": "true",
            "sts_endpoint": "https://sts.example.com",
            "sts_fips": "true", "sts_dual_stack": "true", "outbound_ca_file": "ca", "outbound_proxy": "http://proxy:1",
            "audit": "stdout,file:/a", "audit_patience": "100ms", "threads": "64", "request_deadline": "5m",
            "drain_delay": "0s",
            "drain_grace": "1h", "log_level": "debug", "ready_file": "r", "replica": "me",
        ])
        #expect(
            configuration.service == .ip(host: "::1", port: 1) && configuration.health == .unix(path: "/run/h.sock"))
        let clients = TLSFiles.ClientFile(authorities: "a", demand: .optional)
        #expect(configuration.tls == TLSFiles(certificate: "c", key: "k", clients: clients))
        #expect(configuration.allowsPlaintext)
        #expect(configuration.policyPath == "p" && configuration.allowsWritablePolicy)
        #expect(configuration.sts.override?.description == "https://sts.example.com/")
        #expect(configuration.sts.usesFIPS && configuration.sts.usesDualStack)
        #expect(configuration.outbound.caFile == "ca" && configuration.outbound.proxy == "http://proxy:1")
        #expect(
            configuration.auditSinks == [.standardOutput, .file("/a")]
                && configuration.auditPatience == .milliseconds(100))
        #expect(configuration.threads == 64 && configuration.requestDeadline == .seconds(300))
        #expect(configuration.drainDelay == .zero && configuration.drainGrace == .seconds(3600))
        #expect(configuration.logLevel == .debug && configuration.readyFile == "r" && configuration.replica == "me")
    }

    @Test func `the store of used tokens is none, memory, or a server`() throws {
        #expect(try read(["policy": "p"]).oneUse.store == nil)
        #expect(try read(["policy": "p", "one_use_store": "memory"]).oneUse.store == .memory)
        let server = [
            "policy": "p", "one_use_store": "rediss://gate@redis.example.com/3", "one_use_store_password_file": "f",
            "one_use_store_ca_file": "ca", "one_use_on_store_failure": "allow",
        ]
        let settings = try read(server).oneUse
        guard case .redis(let address, "f", "ca") = settings.store else {
            Issue.record("\(String(describing: settings.store))")
            return
        }
        #expect(address.endpoint.description == "https://redis.example.com:6379/")
        #expect(address.user == "gate" && address.database == 3 && settings.onFailure == .allow)
    }

    @Test(arguments: [
        (["one_use_store": "rediss://u:CANARY@redis.example.com"], "put it into a file"),
        (["one_use_store": "redis://redis.example.com"], "one_use_store_allow_plaintext=true"),
        (["one_use_store": "disk"], "it must begin with rediss://"),
        (["one_use_store": "redis://127.0.0.1/x"], "'x' is no number of a database"),
        (["one_use_store": "memory", "one_use_store_ca_file": "ca"], "one_use_store_* belong to a server"),
        (["one_use_on_store_failure": "allow"], "does nothing without one_use_store"),
        (["one_use_store": "memory", "one_use_on_store_failure": "shrug"], "must be refuse or allow"),
    ])
    func `a store that cannot be meant is refused, and no password repeated`(given: [String: String], fault: String) {
        let faults = faults(given.merging(["policy": "p"]) { $1 })
        #expect(faults.contains { $0.contains(fault) }, "\(faults)")
        #expect(!faults.contains { $0.contains("CANARY") })
    }

    @Test func `plain TCP off loopback is taken by name`() throws {
        let given = [
            "policy": "p", "one_use_store": "redis://redis.example.com", "one_use_store_allow_plaintext": "true",
        ]
        #expect(try read(given).oneUse.store != nil)
    }

    @Test func `an emergency deny comes from a file, from the shared store, or from both`() throws {
        #expect(try read(["policy": "p"]).emergency.sources == [])
        let both = [
            "policy": "p", "emergency_deny": "/etc/deny.yaml", "emergency_deny_shared": "true",
            "one_use_store": "redis://127.0.0.1",
        ]
        let emergency = try read(both).emergency
        #expect(emergency.sources == [.file, .store] && emergency.file?.path == "/etc/deny.yaml")
    }

    @Test(arguments: [
        (["emergency_deny": "deny.yaml"], "must be the path of a file, from the root"),
        (["emergency_deny": "/etc/"], "must be the path of a file, from the root"),
        (["emergency_deny_shared": "true"], "set one_use_store to its address"),
        (["emergency_deny_shared": "true", "one_use_store": "memory"], "set one_use_store to its address"),
    ])
    func `an emergency deny that would never be seen is a fault`(_ given: [String: String], _ words: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try read(given.merging(["policy": "p"]) { $1 })
        }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test(arguments: ["127.0.0.1:0", "[::1]:1", "localhost:1", "127.3.2.1:1", "unix:/run/a.sock"])
    func `the administrator's listener stays on this machine`(_ address: String) throws {
        #expect(try read(["policy": "p", "admin_listen": address]).administration?.description == address)
        #expect(try read(["policy": "p", "admin_listen": "off"]).administration == nil)
    }

    @Test(arguments: [
        "0.0.0.0:9091", "[::]:9091", "10.0.0.1:9091", "gateway.example.com:9091", "127.0.0.1.example.com:1",
    ])
    func `off loopback it is refused with the way to reach it, whatever is said of plaintext`(_ address: String) {
        let found = faults(["policy": "p", "admin_listen": address, "allow_plaintext": "true"])
        #expect(found.count == 1 && found.first?.contains("kubectl port-forward POD 9091") == true, "\(found)")
    }

    @Test func `a client's certificate is required where an authority is named, and needs TLS`() throws {
        let pair = ["policy": "p", "tls_certificate": "c", "tls_key": "k"]
        let secured = try read(pair.merging(["tls_client_ca": "a"]) { $1 })
        #expect(secured.tls?.clients == TLSFiles.ClientFile(authorities: "a", demand: .required))
        #expect(faults(["policy": "p", "tls_client_ca": "a"]).contains { $0.hasPrefix("tls_client_ca") })
        #expect(
            faults(pair.merging(["tls_client_auth": "required"]) { $1 }).contains { $0.hasPrefix("tls_client_auth") })
    }

    @Test(arguments: [
        ("listen", "8080"), ("listen", "::1:80"), ("listen", ":80"), ("listen", "a:65536"), ("listen", "a:+80"),
        ("listen", ""),
        ("health_listen", "unix:run"), ("allow_plaintext", "yes"), ("allow_plaintext", "TRUE"), ("sts_fips", "1"),
        ("sts_endpoint", "http://sts.example.com"), ("sts_endpoint", "http://127.0.0.1.evil.example"),
        ("audit", "file:relative"), ("tls_client_auth", "maybe"), ("tls_client_ca", ""),
        ("audit", ""), ("audit", "stdout,"), ("audit", "stdout,stdout"), ("audit", "syslog"), ("audit_patience", "0s"),
        ("audit_patience", "2"), ("audit_patience", "-2s"), ("audit_patience", "99ms"), ("audit_patience", "2m"),
        ("audit_patience", "٢s"), ("threads", "0"), ("threads", "65"), ("threads", "+2"), ("threads", "two"),
        ("request_deadline", "999ms"), ("request_deadline", "99999999999999999999s"), ("drain_delay", "61m"),
        ("drain_grace", "1d"),
        ("log_level", "loud"), ("ready_file", ""), ("replica", ""), ("policy", ""), ("outbound_ca_file", ""),
    ])
    func `refuses a wrong value by its key`(key: String, value: String) {
        let faults = faults(["policy": "p"].merging([key: value]) { $1 })
        #expect(!faults.isEmpty && faults.allSatisfy { $0.contains(key) }, "\(faults)")
    }

    @Test func `reports all faults at once, the unknown ones too`() {
        let faults = faults(["listen": "x", "threads": "x", "nonsense": "x", "tls_key": "k"])
        #expect(faults.count == 5)
        for name in ["listen", "threads", "nonsense", "tls_certificate", "GATEWAY_POLICY"] {
            #expect(faults.contains { $0.contains(name) }, "\(name)")
        }
    }

    @Test func `a repository's share is within the whole, and follows it where only the whole is set`() throws {
        let faults = faults([
            "policy": "p", "sts_concurrency": "4", "sts_concurrency_per_repository": "5", "sts_queue": "4",
            "sts_queue_per_repository": "5",
        ])
        #expect(
            faults.map { $0.prefix { $0 != " " } } == ["sts_concurrency_per_repository", "sts_queue_per_repository"])
        let limits = try read(["policy": "p", "sts_concurrency": "4", "sts_queue": "3"]).admission
        #expect(limits.concurrentPerRepository == 4 && limits.waitingPerRepository == 3)
    }

    @Test func `reads profiles for AWS SDKs by their names`() throws {
        #expect(try read(["policy": "p"]).stsProfiles.isEmpty)
        let configuration = try read([
            "policy": "p", "sts_profiles.one.duration": "15m", "sts_profiles.one.session_policy": "read-artifacts",
            "sts_profiles.Two_2-x.region": "eu-central-1", "sts_profiles.three.duration": "12h",
        ])
        #expect(
            configuration.stsProfiles == [
                "one": STSProfile(sessionPolicy: "read-artifacts", duration: .seconds(900)),
                "Two_2-x": STSProfile(region: Region(parsing: "eu-central-1")),
                "three": STSProfile(duration: .seconds(43_200)),
            ])
    }

    @Test func `reports all faults of all profiles at once, by name`() {
        let faults = faults([
            "policy": "p", "sts_profiles.a.duration": "899s", "sts_profiles.b.duration": "43201s",
            "sts_profiles.c.region": "nowhere", "sts_profiles.d.session_policy": "", "sts_profiles.e": "",
            "sts_profiles.f f.duration": "1h", "sts_profiles.g.managed": "x", "sts_profiles.h.duration": "60",
        ])
        let begins = [
            "--set sts_profiles.a.duration: '899s' must be a time", "--set sts_profiles.b.duration: '43201s' must be",
            "--set sts_profiles.c.region: 'nowhere' must be", "--set sts_profiles.d.session_policy: '' must be",
            "--set sts_profiles.e: '' must be a mapping", "sts_profiles.f f: a profile's name must be",
            "--set sts_profiles.g.managed: unknown setting", "sts_profiles.g: sets nothing",
            "--set sts_profiles.h.duration: '60' must be",
        ]
        for begin in begins { #expect(faults.contains { $0.hasPrefix(begin) }, "\(begin) in \(faults)") }
        #expect(faults.count == begins.count, "\(faults)")
    }

    @Test func `the variable of a group is told where profiles stand`() {
        let settings = Settings(
            flags: [(key: "policy", value: "p")], environment: ["GATEWAY_STS_PROFILES": "x"], file: [], fileName: "")
        let faults = faults(settings)
        #expect(faults.count == 1 && faults.first?.contains("configuration file") == true, "\(faults)")
    }

    @Test func `an unknown setting is named after where it stands`() {
        let settings = Settings(
            flags: [(key: "flag_key", value: "x"), (key: "policy", value: "p")],
            environment: ["GATEWAY_ENV_KEY": "x", "OTHER": "x", "GATEWAY_listen": "127.0.0.1:1"],
            file: [(key: "file_key", value: "x")], fileName: "gateway.yaml")
        let faults = faults(settings)
        #expect(faults.count == 4)
        #expect(faults.contains { $0.hasPrefix("--set flag_key: unknown") && $0.contains("health_listen") })
        #expect(faults.contains { $0.hasPrefix("GATEWAY_ENV_KEY: unknown") })
        #expect(faults.contains { $0.hasPrefix("file_key in gateway.yaml: unknown") })
        #expect(faults.contains { $0 == "GATEWAY_listen: write it in capitals, GATEWAY_LISTEN" })
    }

    @Test func `a flag wins over the environment, that over the file, and an empty variable is none`() throws {
        let file = [(key: "policy", value: "p"), (key: "replica", value: "file"), (key: "threads", value: "3")]
        #expect(try read(Settings(flags: [], environment: [:], file: file, fileName: "f")).replica == "file")
        let environment = ["GATEWAY_REPLICA": "environment", "GATEWAY_THREADS": ""]
        let both = try read(Settings(flags: [], environment: environment, file: file, fileName: "f"))
        #expect(both.replica == "environment" && both.threads == 3)
        let flags = [(key: "replica", value: "flag")]
        #expect(try read(Settings(flags: flags, environment: environment, file: file, fileName: "f")).replica == "flag")
    }

    @Test(arguments: [
        "127.0.0.1.evil.example:80", "localhost.evil.example:80", "127.evil.example:80", "127.0.0.1x:80",
        "127.0.0.+1:80",
        "127.0.0.1.:80", "0.0.0.0:80", "[::]:80", "192.0.2.1:80", "127.0.0.256:80", "[::1.evil.example]:80",
        "128.0.0.1:80",
    ])
    func `off loopback tokens do not travel in the clear`(listen: String) throws {
        let faults = faults(["policy": "p", "listen": listen])
        #expect(faults.count == 1 && faults.first?.contains("allow_plaintext") == true, "\(faults)")
        let allowed = try read(["policy": "p", "listen": listen, "allow_plaintext": "true"])
        #expect(allowed.isPlaintextOffLoopback)
        let secured = try read(["policy": "p", "listen": listen, "tls_certificate": "c", "tls_key": "k"])
        #expect(!secured.isPlaintextOffLoopback)
    }

    @Test(arguments: ["127.0.0.1:0", "127.255.255.254:80", "localhost:80", "[::1]:80", "unix:/run/gateway.sock"])
    func `on loopback they may`(listen: String) throws {
        #expect(try !read(["policy": "p", "listen": listen]).isPlaintextOffLoopback)
    }

    private func read(_ settings: [String: String]) throws -> GatewayConfiguration {
        try read(
            Settings(flags: settings.map { (key: $0.key, value: $0.value) }, environment: [:], file: [], fileName: ""))
    }

    private func read(_ settings: Settings) throws -> GatewayConfiguration {
        try GatewayConfiguration(settings, hostName: "host")
    }

    private func faults(_ settings: [String: String]) -> [String] {
        faults(
            Settings(flags: settings.map { (key: $0.key, value: $0.value) }, environment: [:], file: [], fileName: ""))
    }

    private func faults(_ settings: Settings) -> [String] {
        do throws(ConfigurationError) {
            _ = try GatewayConfiguration(settings, hostName: "host")
            return []
        } catch {
            return error.faults
        }
    }
}
