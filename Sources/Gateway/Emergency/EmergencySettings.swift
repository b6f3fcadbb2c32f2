import RedisClient

/// What the settings `emergency_*` say.
struct EmergencySettings: Sendable {
    /// Nil looks at no file.
    var file: EmergencyFile?
    /// Whether the shared store of `one_use_store` is asked too.
    var isShared = false

    var sources: [EmergencySource] { (file == nil ? [] : [.file]) + (isShared ? [.store] : []) }
}

extension Settings {
    /// To be read after `one_use_store`, whose server is shared.
    mutating func emergency(beside oneUse: OneUseSettings) -> EmergencySettings {
        let file = value("emergency_deny", expected: "the path of a file, from the root") { text in
            text.hasPrefix("/") && !text.hasSuffix("/") ? EmergencyFile(path: text) : nil
        }
        let isShared = bool("emergency_deny_shared") ?? false
        if isShared, !oneUse.isServer {
            report("emergency_deny_shared needs a server that all replicas ask: set one_use_store to its address")
        }
        return EmergencySettings(file: file, isShared: isShared)
    }
}

extension GatewayConfiguration {
    /// Opens the shared store of the emergency deny, over a connection of its own, so that a crowd of used tokens cannot keep a stop
    /// waiting; nil without one.
    ///
    /// - Parameter patience: To connect, and again for an answer. No step waits for it: a second each leaves a push its five.
    func openEmergencyStore(patience: Duration = .seconds(1)) throws(StartFailure) -> (any EmergencyStore)? {
        guard emergency.isShared, let server = oneUse.server(patience: patience) else { return nil }
        guard let client = RedisClient(to: server) else {
            throw StartFailure("the system gives no thread for the store of the emergency deny")
        }
        return RedisEmergencyStore(client)
    }
}
