/// A piece of a page. Text can only become text: there is no way to put markup in by a value, so nothing that a rule, a claim or
/// an issuer says can become an element, an attribute or a script.
indirect enum HTML: Sendable {
    case element(Tag, [Attribute] = [], [HTML] = [])
    /// Text for people: characters that hide or reorder what follows are shown by their number.
    case text(String)
    /// Text to be edited and sent back, so exactly as it is: what stands in a `textarea`.
    case editable(String)
    /// Several pieces without an element of their own.
    case group([HTML])

    /// The elements that our pages are made of; none of them loads or runs anything.
    enum Tag: String, Sendable {
        case a, article, button, caption, code, dd, details, div, dl, dt, fieldset, footer, form, h1, h2, h3, header
        case input, label, legend, li, main, nav, ol, option, p, pre, section, select, span, strong, summary
        case table, tbody, td, textarea, th, thead, time, tr, ul

        /// It has no content and no end tag.
        var isVoid: Bool { self == .input }
    }

    /// Nothing at all.
    static let nothing = HTML.group([])

    /// The pieces that `condition` asks for.
    static func when(_ condition: Bool, _ piece: @autoclosure () -> HTML) -> HTML { condition ? piece() : nothing }

    /// Text in the shape of code.
    static func code(_ text: String) -> HTML { .element(.code, [], [.text(text)]) }
}

extension HTML: ExpressibleByStringLiteral {
    init(stringLiteral text: String) { self = .text(text) }
}

/// An attribute of an element. Addresses are literals of ours: a value cannot become a link.
struct Attribute: Sendable {
    let name: Name
    let value: String

    /// The attributes that our pages use; none of them runs anything.
    enum Name: String, Sendable {
        case action, autocomplete, datetime, `for`, href, id, inputmode, method, name, open, required, role, rows, scope
        case selected, spellcheck, tabindex, type, value
        case cssClass = "class"
        case describedBy = "aria-describedby"
        case label = "aria-label"
        case labelledBy = "aria-labelledby"
        case columnName = "data-label"
    }

    private init(_ name: Name, _ value: String) { (self.name, self.value) = (name, value) }

    static func cssClass(_ names: String) -> Attribute { Attribute(.cssClass, names) }
    static func id(_ id: String) -> Attribute { Attribute(.id, id) }
    /// A link within the page or to a path of this listener.
    static func href(_ address: StaticString) -> Attribute { Attribute(.href, "\(address)") }
    /// Where a form is sent.
    static func action(_ address: StaticString) -> Attribute { Attribute(.action, "\(address)") }
    /// An attribute that leads nowhere. `href` and `action` have functions of their own.
    static func set(_ name: Name, _ value: String = "") -> Attribute {
        precondition(name != .href && name != .action, "a link takes a literal address")
        return Attribute(name, value)
    }
}
