import EventLoop
import Secrets

/// One connection to a server: libcurl made and secured it, we speak HTTP/1.1 on it. For its loop's thread alone.
final class Connection: DescriptorWatcher {
    let origin: Origin
    private let pool: ConnectionPool
    private let handle: EasyHandle
    private let descriptor: Int32
    private var state = State.idle
    private var isWatchedForWriting = false
    /// Whether it has served before, and so may have ended without our notice.
    private(set) var isKept = false
    /// Whether more came than was asked for.
    private var hasStrayBytes = false
    /// Since when nobody uses it.
    private(set) var idleSince = ContinuousClock.now

    private enum State {
        case idle
        case busy(Transfer)
        case closed
    }

    /// Takes over a handle that has just connected. Nil where its socket cannot be watched.
    init?(_ handle: EasyHandle, _ descriptor: Int32, to origin: Origin, of pool: ConnectionPool) {
        self.origin = origin
        self.pool = pool
        self.handle = handle
        self.descriptor = descriptor
        guard pool.loop.watch(descriptor, for: .reading, by: self) else { return nil }
    }

    /// Sends `transfer`, where nothing else is under way.
    func begin(_ transfer: Transfer) {
        transfer.connection = self
        transfer.isOnKeptConnection = isKept
        isKept = true
        state = .busy(transfer)
        send(transfer)
    }

    func became(_ readiness: Readiness, _: Int32) {
        switch state {
        case .busy(let transfer):
            if readiness.contains(.writing), isWatchedForWriting { send(transfer) }
            if readiness.contains(.reading), case .busy = state { receive(transfer) }
        case .idle: if !isQuiet() { close() }
        case .closed: break
        }
    }

    /// Ends the connection, whatever it does. Its transfer, if it has one, is the caller's to end.
    func close() {
        if case .closed = state { return }
        state = .closed
        pool.loop.forget(descriptor)
        pool.ended(self)
    }

    /// Whether what woke an idle connection was TLS's own, such as new keys. Else it is the end, or bytes that nobody has asked for.
    private func isQuiet() -> Bool {
        do throws(OutboundFailure) {
            guard case .moved(let count) = try handle.receive(into: &pool.buffer) else { return true }
            pool.wipeBuffer(count)
            return false
        } catch { return false }
    }

    private func send(_ transfer: Transfer) {
        transfer.isRequestSent = true
        do throws(OutboundFailure) {
            while transfer.sent < transfer.bytes.count {
                let progress = try transfer.bytes.withBytes { (bytes) throws(OutboundFailure) in
                    try handle.send(bytes.extracting(transfer.sent...))
                }
                guard case .moved(let count) = progress else { return try watchForWriting(true) }
                transfer.sent += count
            }
            try watchForWriting(false)
        } catch { fail(transfer, error) }
    }

    /// Only while there is something to send, or every turn would find the socket ready.
    private func watchForWriting(_ isWanted: Bool) throws(OutboundFailure) {
        guard isWanted != isWatchedForWriting else { return }
        isWatchedForWriting = isWanted
        let readiness: Readiness = isWanted ? [.reading, .writing] : .reading
        guard pool.loop.watch(descriptor, for: readiness, by: self) else {
            throw .interrupted("epoll refuses the socket")
        }
    }

    private func receive(_ transfer: Transfer) {
        do throws(OutboundFailure) {
            while !transfer.reader.isComplete {
                guard case .moved(let count) = try handle.receive(into: &pool.buffer) else { return }
                try take(count, transfer)
            }
        } catch { return fail(transfer, error) }
        finish(transfer)
    }

    /// `count` bytes are in the pool's buffer; none are the end of the connection.
    private func take(_ count: Int, _ transfer: Transfer) throws(OutboundFailure) {
        do throws(AnswerFault) {
            guard count > 0 else { return try transfer.reader.end() }
            if try pool.give(count, to: &transfer.reader) < count { hasStrayBytes = true }
        } catch {
            switch error {
            case .unreadable(let reason): throw .unreadable(reason)
            case .cut: throw .interrupted("the server closed the connection before its end")
            case .tooLong(let limit): throw .tooLarge(limit: limit)
            }
        }
    }

    private func finish(_ transfer: Transfer) {
        let isReusable = transfer.reader.keepsConnection && !hasStrayBytes && transfer.sent == transfer.bytes.count
        transfer.connection = nil
        pool.finish(transfer, with: .success(transfer.finish()))
        guard isReusable else { return close() }
        state = .idle
        idleSince = .now
        pool.becameIdle(self)
    }

    private func fail(_ transfer: Transfer, _ failure: OutboundFailure) {
        transfer.connection = nil
        close()
        pool.failed(transfer, failure)
    }
}

/// Where a connection goes.
struct Origin: Hashable, Sendable {
    let scheme: String
    /// The host and, unless it is the scheme's own, the port.
    let authority: String

    init(_ url: OutboundURL) {
        scheme = url.scheme
        authority = url.authority
    }

    /// For libcurl.
    var url: String { "\(scheme)://\(authority)/" }
}
