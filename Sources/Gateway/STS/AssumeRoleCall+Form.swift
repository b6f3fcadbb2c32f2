import ExchangeCore
import Secrets

extension AssumeRoleCall {
    /// The body of the request, `application/x-www-form-urlencoded`, written straight into a secret.
    ///
    /// The token travels as it came but for blanks around it: AWS refuses a trailing newline, and files end in one.
    func form(presenting token: Secret) -> Secret {
        var form = FormBuilder(capacity: 1024 + (sessionPolicy?.utf8.count ?? 0) + token.count)
        form.add("Action", "AssumeRoleWithWebIdentity")
        form.add("Version", "2011-06-15")
        form.add("RoleArn", role.description)
        form.add("RoleSessionName", sessionName.description)
        form.add("DurationSeconds", String(duration.components.seconds))
        if let sessionPolicy { form.add("Policy", sessionPolicy) }
        for (index, arn) in managedPolicies.enumerated() {
            form.add("PolicyArns.member.\(index + 1).arn", arn)
        }
        token.withBytes { form.add("WebIdentityToken", $0.extracting($0.rangeWithoutBlanks)) }
        return form.finish()
    }
}

/// Writes names and values of a form. A space is `%20`: not every implementation of STS reads `+`.
private struct FormBuilder: ~Copyable {
    private var bytes: SecretBuilder
    private var isFirst = true

    init(capacity: Int) {
        bytes = SecretBuilder(capacity: capacity)
    }

    /// `name` needs no encoding: it is one of AWS's.
    mutating func add(_ name: String, _ value: String) {
        add(name, value.utf8.span)
    }

    mutating func add(_ name: String, _ value: Span<UInt8>) {
        if !isFirst { bytes.append(UInt8(ascii: "&")) }
        isFirst = false
        bytes.append(name.utf8.span)
        bytes.append(UInt8(ascii: "="))
        append(encoding: value)
    }

    consuming func finish() -> Secret { bytes.finish() }

    /// Bytes that stand for themselves go over at once: of a token that is all.
    private mutating func append(encoding value: Span<UInt8>) {
        if value.isUnreserved { return bytes.append(value) }
        var start = 0
        for index in value.indices where value[index].unreservedMark == 0 {
            bytes.append(value.extracting(start..<index))
            bytes.append(UInt8(ascii: "%"))
            bytes.append(hexDigit(value[index] >> 4))
            bytes.append(hexDigit(value[index] & 0xF))
            start = index + 1
        }
        bytes.append(value.extracting(start..<value.count))
    }

    private func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
    }
}

extension UInt8 {
    /// 1 for a byte that stands for itself, RFC 3986 section 2.3, else 0.
    fileprivate var unreservedMark: UInt8 {
        let isLetter = (self | 0x20) &- UInt8(ascii: "a") < 26
        let isDigit = self &- UInt8(ascii: "0") < 10
        let signs = (
            self == UInt8(ascii: "-"), self == UInt8(ascii: "."), self == UInt8(ascii: "_"), self == UInt8(ascii: "~")
        )
        return (isLetter ? 1 : 0) | (isDigit ? 1 : 0)
            | (signs.0 ? 1 : 0) | (signs.1 ? 1 : 0) | (signs.2 ? 1 : 0) | (signs.3 ? 1 : 0)
    }
}

extension Span<UInt8> {
    /// Whether no byte needs an encoding. It looks at all of them and takes no branch, because so the compiler makes it sixteen
    /// bytes at a time.
    fileprivate var isUnreserved: Bool {
        var marks: UInt8 = 1
        for index in indices { marks &= self[index].unreservedMark }
        return marks == 1
    }

    /// What is left without spaces and control bytes at either end.
    fileprivate var rangeWithoutBlanks: Range<Int> {
        var start = 0
        var end = count
        while start < end, self[start] <= 0x20 { start += 1 }
        while end > start, self[end - 1] <= 0x20 { end -= 1 }
        return start..<end
    }
}
