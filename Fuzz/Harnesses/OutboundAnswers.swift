import Secrets

@testable import OutboundHTTP

/// The gateway's reader of HTTP answers: the same bytes mean the same however the network cuts them, and no more than the cap is taken.
func fuzzOutboundAnswers(_ bytes: [UInt8]) {
    let whole = outcome(of: bytes, cutAfter: max(bytes.count, 1))
    for size in [1, 7] {
        precondition(outcome(of: bytes, cutAfter: size) == whole, "cut after \(size) it reads differently")
    }
}

private let cap = 4096

/// What the reader makes of an answer, in words.
private func outcome(of bytes: [UInt8], cutAfter size: Int) -> String {
    var reader = OutboundHTTP.AnswerReader(maximumBytes: cap)
    var rest = bytes[...]
    do throws(AnswerFault) {
        while !rest.isEmpty, !reader.isComplete {
            let piece = Array(rest.prefix(size))
            let taken = try reader.take(piece.span)
            precondition(taken == piece.count || reader.isComplete, "bytes are left though the answer is not complete")
            rest = rest.dropFirst(taken)
        }
        if !reader.isComplete { try reader.end() }
    } catch {
        return "\(error)"
    }
    let isKept = reader.keepsConnection
    let answer = reader.finish()
    precondition(answer.body.count <= cap && (200...599).contains(answer.status))
    return
        "\(answer.status) \(isKept) \(rest.count) \(answer.header("x") ?? "") \(answer.body.withBytes { bytes in bytes.indices.map { bytes[$0] } })"
}
