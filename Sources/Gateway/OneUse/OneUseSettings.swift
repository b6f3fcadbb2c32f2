import ExchangeCore
import OutboundHTTP
import RedisClient
import Secrets
import StrictJSON

/// What the settings `one_use_*` say.
struct OneUseSettings: Sendable {
    /// Nil notes no used tokens.
    var store: Store?
    var onFailure: UsedTokens.FailureMode

    enum Store: Sendable, Equatable {
        /// This process's memory.
        case memory
        case redis(RedisAddress, passwordFile: String?, caFile: String?)
    }
}

extension Settings {
    mutating func oneUse() -> OneUseSettings {
        let allowsPlaintext = bool("one_use_store_allow_plaintext") ?? false
        let passwordFile = string("one_use_store_password_file")
        let caFile = string("one_use_store_ca_file")
        let onFailure =
            value("one_use_on_store_failure", expected: "refuse or allow", UsedTokens.FailureMode.init(rawValue:))
        let address = string("one_use_store")
        let store: OneUseSettings.Store?
        switch address {
        case nil, "memory":
            if allowsPlaintext || passwordFile != nil || caFile != nil {
                report("one_use_store_* belong to a server: set one_use_store to its address, or remove them")
            }
            store = address.map { _ in .memory }
        case let address?:
            store = redis(address, allowsPlaintext: allowsPlaintext).map {
                .redis($0, passwordFile: passwordFile, caFile: caFile)
            }
        }
        if address == nil, onFailure != nil {
            report("one_use_on_store_failure does nothing without one_use_store: set that, or neither")
        }
        return OneUseSettings(store: store, onFailure: onFailure ?? .refuse)
    }

    /// The fault does not repeat the text: it may hold a password.
    private mutating func redis(_ text: String, allowsPlaintext: Bool) -> RedisAddress? {
        do throws(RedisAddressError) {
            let address = try RedisAddress(parsing: text, allowingPlaintext: allowsPlaintext)
            return address
        } catch {
            report(
                """
                one_use_store: \(error)\(error.remedy). It is memory, or an address such as rediss://redis.example.com:6379/0
                """)
            return nil
        }
    }
}

extension RedisAddressError {
    fileprivate var remedy: String {
        switch self {
        case .password: ", and name that in one_use_store_password_file"
        case .plaintext: ", or allow it by one_use_store_allow_plaintext=true"
        case .scheme, .user, .database, .endpoint: ""
        }
    }
}

extension OneUseSettings {
    /// Throws what is wrong with the files that they name. The server is not asked: it may come later than the gateway.
    func check() throws(StartFailure) {
        guard let server else { return }
        do throws(OutboundSetupError) { try server.outbound.check() } catch {
            throw StartFailure("one_use_store: \(error)")
        }
        // Later a file may be away for a moment, while a secret is swapped.
        do throws(RedisError) { _ = try server.password() } catch { throw StartFailure("one_use_store: \(error)") }
    }

    /// Opens the store, once `check` has passed.
    func open(now: @escaping @Sendable () -> Timestamp) throws(StartFailure) -> (any OneUseStore)? {
        try check()
        if case .memory = store { return MemoryOneUseStore(now: now) }
        guard let server else { return nil }
        guard let client = RedisClient(to: server) else {
            throw StartFailure("the system gives no thread for the store of used tokens")
        }
        return RedisOneUseStore(client, now: now)
    }

    /// Whether a server notes them, whom all replicas ask.
    var isServer: Bool { if case .redis = store { true } else { false } }

    /// The server with what lets us in; nil without one. Other things that replicas share are kept there too.
    var server: RedisServer? {
        guard case .redis(let address, let passwordFile, let caFile) = store else { return nil }
        return RedisServer(address: address, password: Password(path: passwordFile).read, caFile: caFile)
    }

    /// The same for who waits that long to connect, and again for an answer.
    func server(patience: Duration) -> RedisServer? {
        server.map {
            RedisServer(
                address: $0.address, password: $0.password, caFile: $0.outbound.caFile, connectTimeout: patience,
                patience: patience)
        }
    }
}

/// The password in a file, without the white space that editors put at its end.
private struct Password: Sendable {
    let path: String?

    func read() throws(RedisError) -> Secret? {
        guard let path else { return nil }
        do throws(StartFailure) { return try SmallFile.read(path).trimmed } catch {
            throw .password(error.description)
        }
    }
}
