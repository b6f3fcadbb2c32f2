import StrictJSON
import Testing

@Suite struct JSONParserDuplicateTests {
    @Test(arguments: [
        Document(#"{"a":1,"a":2}"#, .duplicateName, at: 7),
        Document(#"{"a":1,"\u0061":2}"#, .duplicateName, at: 7),
        Document(#"{"\u0061":1, "a":1}"#, .duplicateName, at: 13),
        Document(#"{"":1,"":1}"#, .duplicateName, at: 6),
        Document(#"{"b":{"a":1,"a":2}}"#, .duplicateName, at: 12),
        Document(#"[{"a":1,"b":2,"a":3}]"#, .duplicateName, at: 14),
        Document(#"{"\ud83d\ude00":1,"😀":1}"#, .duplicateName, at: 18),
        // Not the same bytes, but one key of a Swift dictionary.
        Document(#"{"\u00e9":1,"e\u0301":1}"#, .duplicateName, at: 12),
        Document(#"{"K":1,"\u212a":1}"#, .duplicateName, at: 7),
        Document(#"{"\u212a":1,"K":1}"#, .duplicateName, at: 12),
        Document(#"{"é":1,"a1z":1,"a2z":1,"a1z":1}"#, .duplicateName, at: 24),
        Document(#"{"a1z":1,"a2z":1,"a1z":1}"#, .duplicateName, at: 17),
    ])
    func `refuses a name that occurs twice`(document: Document) {
        #expect(fault(in: document.bytes) == document.fault)
    }

    @Test func `takes a name again in another object and in another case`() {
        #expect(fault(in: Array(#"{"a":{"a":1},"A":{"a":2},"b":[{"a":1},{"a":1}]}"#.utf8)) == nil)
    }

    @Test func `takes names that are alike in length and at both ends`() {
        #expect(fault(in: Array(#"{"a1z":1,"a2z":1,"aéz":1,"aèz":1,"a\u0033z":1}"#.utf8)) == nil)
    }

    @Test func `refuses a duplicate wherever it stands among many`() {
        for count in [1, 14, 31, 32, 33, 34, 100] {
            let names = (0..<count).map { "\"n\($0)\":0" }
            for again in Set([0, count / 2, count - 1]) {
                let document = "{" + (names + ["\"n\(again)\":1"]).joined(separator: ",") + "}"
                #expect(fault(in: Array(document.utf8))?.reason == .duplicateName)
            }
            #expect(fault(in: Array("{\(names.joined(separator: ","))}".utf8)) == nil)
        }
    }

    @Test func `refuses long names beyond ASCII, whose comparison takes quadratic time`() {
        let marks = String(repeating: "\u{301}\u{323}", count: 65)
        #expect(fault(in: Array("{\"a\(marks)\":0}".utf8)) == JSONError(reason: .nameTooLong, offset: 1))
    }
}

@Suite struct JSONParserLimitTests {
    @Test func `refuses what is nested too deeply`() {
        let arrays = String(repeating: "[", count: 33) + String(repeating: "]", count: 33)
        #expect(fault(in: Array(arrays.utf8)) == JSONError(reason: .tooDeep, offset: 32))
        let objects = String(repeating: #"{"a":"#, count: 33)
        #expect(fault(in: Array(objects.utf8)) == JSONError(reason: .tooDeep, offset: 160))
        #expect(fault(in: Array("[ 1]".utf8), limits: JSONLimits(depth: 1)) == JSONError(reason: .tooDeep, offset: 2))
    }

    @Test func `refuses a million brackets without a stack to match`() {
        #expect(fault(in: Array(repeating: 0x5B, count: 1_000_000)) == JSONError(reason: .tooDeep, offset: 32))
    }

    @Test func `refuses too many values`() {
        let limits = JSONLimits(values: 3)
        #expect(fault(in: Array("[1,2,3]".utf8), limits: limits) == JSONError(reason: .tooManyValues, offset: 5))
        #expect(fault(in: Array(#"{"a":[1, 2]}"#.utf8), limits: limits) == JSONError(reason: .tooManyValues, offset: 9))
        let many = "[" + Array(repeating: "0", count: 20_000).joined(separator: ",") + "]"
        #expect(fault(in: Array(many.utf8))?.reason == .tooManyValues)
    }

    @Test func `says what is wrong and where, and shows no name`() {
        let shown = fault(in: Array(#"{"canary":1,"canary":2}"#.utf8)).map { "\($0)" }
        #expect(shown == "a member name that occurs twice at byte 12")
        #expect(fault(in: [0x5D]).map { "\($0)" } == "unexpected byte 0x5d in the JSON document at byte 0")
    }
}
