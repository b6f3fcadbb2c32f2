import RedisClient
import StrictJSON

/// Notes used tokens on a server that speaks the Redis protocol: for all replicas, and across their restarts.
///
/// The server's own clock ends what is noted, so each replica says how long, by its own clock.
final class RedisOneUseStore: OneUseStore {
    private let client: RedisClient
    private let now: @Sendable () -> Timestamp

    init(_ client: RedisClient, now: @escaping @Sendable () -> Timestamp) {
        self.client = client
        self.now = now
    }

    private static let prefix = "vela-aws-gateway:used:"

    /// Both keys or none, in one step of the server. The same use may come twice: after a broken connection it does.
    private static let reserve = """
        for i = 1, #KEYS do local o = redis.call('GET', KEYS[i]); if o and o ~= ARGV[1] then return 0 end end
        for i = 1, #KEYS do redis.call('SET', KEYS[i], ARGV[1], 'PX', ARGV[2]) end
        return 1
        """

    private static let release = """
        for i = 1, #KEYS do if redis.call('GET', KEYS[i]) == ARGV[1] then redis.call('DEL', KEYS[i]) end end
        return 1
        """

    func reserve(_ use: TokenUse) async throws(OneUseStoreError) -> Bool {
        // A token may be past its end by the skew that is granted; it is noted for a moment all the same.
        let life = max(use.endsAt - now(), .seconds(1)).components.seconds * 1000
        return try await run(Self.reserve, use, [String(life)]) == 1
    }

    func release(_ use: TokenUse) async throws(OneUseStoreError) {
        _ = try await run(Self.release, use, [])
    }

    /// A server that answers and takes no writes, such as the old primary after a failover, is of no use.
    private static let check = "redis.call('SET', KEYS[1], '1', 'PX', 1000); return redis.call('DEL', KEYS[1])"

    func check() async throws(OneUseStoreError) {
        _ = try await reply(to: RedisCommand(["EVAL", Self.check, "1", Self.prefix + "check"]))
    }

    func close() { client.close() }

    private func run(_ script: String, _ use: TokenUse, _ more: [String]) async throws(OneUseStoreError) -> Int64 {
        let keys = use.keys.map { Self.prefix + $0 }
        let command = RedisCommand(["EVAL", script, String(keys.count)] + keys + [use.id] + more)
        guard case .integer(let number) = try await reply(to: command) else {
            throw OneUseStoreError("the answer to a script is no number")
        }
        return number
    }

    private func reply(to command: RedisCommand) async throws(OneUseStoreError) -> RedisReply {
        do throws(RedisError) {
            let reply = try await client.reply(to: command)
            if case .error(let words) = reply { throw .refused(words) }
            return reply
        } catch {
            throw OneUseStoreError(error.description)
        }
    }
}
