/// Secrets, and where they were found.
struct Search {
    /// The beginnings of every JWT of ours and of every session token of the stand-in, known or not.
    private(set) var needles: Set<String> = ["eyJhbGciOi", "IQoJb3JpZ2luX2Vj"]
    private(set) var finds: [String] = []

    /// Payload and signature betray a token as well as the whole.
    mutating func hide(token: String) {
        for part in token.split(separator: ".").dropFirst() { hide(String(part)) }
    }

    mutating func hide(_ secret: String) {
        if secret.utf8.count >= 16 { needles.insert(secret) }
    }

    /// The needles that stand in `text`.
    func found(in text: String) -> [String] { needles.filter { text.contains($0) } }

    mutating func look(in text: String, _ place: String) {
        finds += found(in: text).map { "\(place): \($0.prefix(12))..." }
    }
}
