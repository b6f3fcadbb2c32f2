import Glibc

/// Colours for people: only on a terminal, and not where NO_COLOR is set (https://no-color.org).
struct Paint: Sendable {
    let isOn: Bool

    /// For standard output.
    static var forOutput: Paint {
        let isPlain = ProcessEnvironment.variables["NO_COLOR"].map { !$0.isEmpty } ?? false
        return Paint(isOn: isatty(STDOUT_FILENO) == 1 && !isPlain)
    }

    func green(_ text: String) -> String { painted(text, "32") }
    func red(_ text: String) -> String { painted(text, "31") }
    func dim(_ text: String) -> String { painted(text, "2") }
    func bold(_ text: String) -> String { painted(text, "1") }

    private func painted(_ text: String, _ code: String) -> String {
        isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
