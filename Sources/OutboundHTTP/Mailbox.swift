import CCurl
import Threading

/// What tasks tell the loop's thread.
enum LoopCommand: Sendable {
    case start(TransferOrder)
    /// Unknown and finished transfers are ignored.
    case cancel(UInt64)
    /// Ends the loop; the continuation is resumed when all is freed.
    case stop(CheckedContinuation<Void, Never>?)
}

/// The way from tasks to the loop's thread: commands in order, and a wake-up for each.
@safe final class Mailbox: @unchecked Sendable {
    private struct State: Sendable {
        var commands: [LoopCommand] = []
        var lastIdentifier: UInt64 = 0
        var isClosed = false
    }

    // The loop's handle. Used here for curl_multi_wakeup alone, the one call libcurl allows from any thread, and only
    // while the lock is held and `isClosed` is false: the loop closes the mailbox before it frees the handle.
    private let multi: UnsafeMutableRawPointer
    private let state = Lock(State())

    init(waking multi: UnsafeMutableRawPointer) {
        unsafe self.multi = unsafe multi
    }

    /// A number that no other transfer of this client has.
    func newIdentifier() -> UInt64 {
        state.withLock { state in
            state.lastIdentifier += 1
            return state.lastIdentifier
        }
    }

    /// Hands `command` to the loop. False when the loop has ended: the command is then dropped.
    func post(_ command: LoopCommand) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.commands.append(command)
            // Who put the first one there has woken the loop, and it takes all. A wake-up that failed leaves the command to the
            // loop's next round, at most `longestWait` later.
            if state.commands.count == 1 { _ = unsafe curl_multi_wakeup(multi) }
            return true
        }
    }

    /// The commands since the last call, in order.
    func take() -> [LoopCommand] {
        state.withLock { state in
            defer { state.commands.removeAll(keepingCapacity: true) }
            return state.commands
        }
    }

    /// Refuses commands from now on, and returns those not yet taken.
    func close() -> [LoopCommand] {
        state.withLock { state in
            state.isClosed = true
            defer { state.commands = [] }
            return state.commands
        }
    }
}
