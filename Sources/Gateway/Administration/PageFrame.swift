import MicroHTTPD

/// What every page has around its content: a way past the navigation, landmarks, and where one is.
struct PageFrame: Sendable {
    let title: String
    /// The links to parts of the page.
    let navigation: [HTML]
    let content: [HTML]

    func response(_ status: Int = 200) -> HTTPResponse {
        .page(
            status, title: title,
            [
                .element(.a, [.cssClass("skip"), .href("#main")], ["Skip to the content"]),
                .element(
                    .header, [.cssClass("top")],
                    [
                        .element(
                            .div, [.cssClass("wide")],
                            [
                                .element(.p, [.cssClass("brand")], ["vela-aws-gateway"]),
                                .element(
                                    .nav, [.set(.label, "This page")],
                                    [.element(.ul, [], navigation.map { .element(.li, [], [$0]) })]),
                            ])
                    ]),
                .element(.main, [.id("main"), .cssClass("wide"), .set(.tabindex, "-1")], content),
                .element(
                    .footer, [],
                    [
                        .element(
                            .div, [.cssClass("wide")],
                            [
                                "For administrators of this gateway. It shows no token, key or credentials, and changes nothing."
                            ])
                    ]),
            ])
    }
}

extension HTML {
    static func link(_ address: StaticString, _ text: String) -> HTML {
        .element(.a, [.href(address)], [.text(text)])
    }

    /// A part of a page under a heading that names it.
    static func section(_ id: String, _ heading: String, _ content: [HTML]) -> HTML {
        .element(
            .section, [.id(id), .set(.labelledBy, "\(id)-heading")],
            [.element(.h2, [.id("\(id)-heading")], [.text(heading)])] + content)
    }

    /// Names with what they stand for.
    static func facts(_ facts: [(name: String, value: HTML)]) -> HTML {
        .element(
            .dl, [.cssClass("facts")],
            facts.map { .group([.element(.dt, [], [.text($0.name)]), .element(.dd, [], [$0.value])]) })
    }

    static func paragraph(_ pieces: [HTML], _ cssClass: String? = nil) -> HTML {
        .element(.p, cssClass.map { [.cssClass($0)] } ?? [], pieces)
    }

    /// A word that a reader finds by its colour too, never by the colour alone.
    static func badge(_ tone: Tone, _ text: String) -> HTML {
        .element(.span, [.cssClass("badge \(tone.rawValue)")], [.text(text)])
    }

    enum Tone: String, Sendable { case plain, good, bad, warn }
}

/// A table whose rows become cards on a narrow screen.
struct PageTable: Sendable {
    let caption: String
    let columns: [Column]
    /// A cell for each column; the first one names the row.
    let rows: [[HTML]]

    struct Column: Sendable {
        let name: String
        var isNumber = false
    }

    var html: HTML {
        .element(
            .table, [],
            [
                .element(.caption, [], [.text(caption)]),
                .element(.thead, [], [.element(.tr, [], columns.map(head))]),
                .element(.tbody, [], rows.map(row)),
            ])
    }

    private func head(_ column: Column) -> HTML {
        let classes: [Attribute] = column.isNumber ? [.cssClass("number")] : []
        return .element(.th, [.set(.scope, "col")] + classes, [.text(column.name)])
    }

    private func row(_ cells: [HTML]) -> HTML {
        let pieces = zip(columns, cells).enumerated().map { index, cell -> HTML in
            if index == 0 { return .element(.th, [.set(.scope, "row")], [cell.1]) }
            let classes: [Attribute] = cell.0.isNumber ? [.cssClass("number")] : []
            return .element(.td, [.set(.columnName, cell.0.name)] + classes, [cell.1])
        }
        return .element(.tr, [], pieces)
    }
}
