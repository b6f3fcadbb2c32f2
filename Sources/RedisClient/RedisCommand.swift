import Secrets

/// One command, as the server reads it: an array of bulk strings.
///
/// Source: Redis serialization protocol specification, version 2.
package struct RedisCommand: Sendable {
    /// A secret because AUTH is one; the others are merely bytes.
    let bytes: Secret

    /// The name and its arguments.
    package init(_ words: [String]) {
        self.init(words: words.map { Secret($0) })
    }

    /// AUTH. Without a user the server takes its default one.
    static func authentication(user: String?, password: Secret) -> RedisCommand {
        RedisCommand(words: [Secret("AUTH")] + (user.map { [Secret($0)] } ?? []) + [password])
    }

    private init(words: [Secret]) {
        var builder = SecretBuilder(capacity: 512)
        builder.append(Array("*\(words.count)\r\n".utf8).span)
        for word in words {
            builder.append(Array("$\(word.count)\r\n".utf8).span)
            word.withBytes { builder.append($0) }
            builder.append(Array("\r\n".utf8).span)
        }
        bytes = builder.finish()
    }
}
