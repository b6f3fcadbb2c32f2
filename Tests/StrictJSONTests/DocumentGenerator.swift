/// Makes JSON documents in all the spellings that the grammar has, and spoils some of them; the same ones from a seed.
struct DocumentGenerator {
    private var random: SplitMix64
    private var text = ""

    init(seed: UInt64) { random = SplitMix64(state: seed) }

    /// A valid document, unless names happen to be twice in an object.
    mutating func document() -> [UInt8] {
        text = ""
        value(depth: Int.random(in: 0...5, using: &random))
        return Array(text.utf8)
    }

    /// A document with one to three bytes removed, doubled, changed or exchanged.
    mutating func spoiltDocument() -> [UInt8] {
        var bytes = document()
        for _ in 0...Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes.remove(at: index)
            case 1: bytes.insert(bytes[index], at: index)
            case 2: bytes[index] = UInt8.random(in: 0...255, using: &random)
            case 3: bytes[index] = pick(Array("{}[],:\"\\0-.eEutn \n\u{1}".utf8), else: 0x20)
            default: bytes.swapAt(index, Int.random(in: bytes.indices, using: &random))
            }
        }
        return bytes
    }

    private mutating func value(depth: Int) {
        space()
        switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
        case 0: text += pick(["null", "true", "false"], else: "")
        case 1, 2: number()
        case 3, 4: string()
        case 5: list("[", "]") { $0.value(depth: depth - 1) }
        default:
            list("{", "}") {
                $0.space()
                $0.string()
                $0.space()
                $0.text += ":"
                $0.value(depth: depth - 1)
            }
        }
        space()
    }

    private mutating func list(_ open: String, _ close: String, element: (inout DocumentGenerator) -> Void) {
        text += open
        let count = pick([0, 1, 2, 3, 5, 20], else: 0)
        for index in 0..<count {
            if index > 0 { text += "," }
            element(&self)
        }
        if count == 0 { space() }
        text += close
    }

    private mutating func number() {
        text +=
            pick(["", "-"], else: "")
            + pick(["0", "1", "90", "9007199254740993", "123456789012345678901234567890"], else: "0")
        text += pick(["", "", ".0", ".5", ".250"], else: "") + pick(["", "", "e1", "E+2", "e-300", "E999"], else: "")
    }

    private mutating func string() {
        text += "\""
        for _ in 0..<pick([0, 1, 1, 2, 3, 8], else: 0) {
            text += pick(
                [
                    "a", "b", "K", "\u{212A}", "é", "e\u{301}", "\u{7F}", "€", "😀", "\u{2028}", "\u{FFFD}", "/", #"\""#,
                    #"\\"#,
                    #"\/"#, #"\b"#, #"\f"#, #"\n"#, #"\r"#, #"\t"#, #"\u0000"#, #"\u0061"#, #"\u00E9"#, #"\u20ac"#,
                    #"\ud83d\ude00"#, #"\uD83D\uDE00"#,
                ], else: "")
        }
        if Int.random(in: 0..<60, using: &random) == 0 {
            text += pick([#"\ud800"#, #"\uDC00"#, #"\x"#, "\u{1}"], else: "")
        }
        text += "\""
    }

    private mutating func space() {
        text += pick(["", "", "", "", " ", "\n", "\r\n\t"], else: "")
    }

    private mutating func pick<Element>(_ elements: [Element], else fallback: Element) -> Element {
        elements.randomElement(using: &random) ?? fallback
    }
}

/// Sebastiano Vigna's SplitMix64: small, and the same on every machine.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
