/// The members of an object in the order in which they were written. No name occurs twice.
package struct JSONObject: Sendable, Equatable {
    /// One name with its value.
    package struct Member: Sendable, Equatable {
        package let name: String
        package let value: JSONValue
        private let mark: NameMark

        package init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
            mark = NameMark(name.utf8.span)
        }

        init(_ name: ParsedString, _ value: JSONValue) {
            self.name = name.text
            self.value = value
            mark = name.mark
        }

        /// Whether its name is spelt with the bytes of `name`, whose mark is `mark`.
        func isNamed(_ name: String, _ mark: NameMark) -> Bool {
            self.mark == mark && self.name.hasSameBytes(as: name)
        }

        package static func == (left: Member, right: Member) -> Bool {
            left.name.hasSameBytes(as: right.name) && left.value == right.value
        }
    }

    package private(set) var members: [Member]

    /// An object without members.
    package init() { members = [] }

    /// Takes members whose names differ; the parser checks it.
    package init(_ members: [Member]) { self.members = members }

    /// The value of the member `name`, nil when there is none. Setting nil removes it.
    ///
    /// Names are compared byte by byte, see `hasSameBytes(as:)`.
    package subscript(name: String) -> JSONValue? {
        get { index(of: name).map { members[$0].value } }
        set {
            switch (index(of: name), newValue) {
            case (let index?, let value?): members[index] = Member(name, value)
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
        }
    }
    private func index(of name: String) -> Int? {
        let mark = NameMark(name.utf8.span)
        return members.firstIndex { $0.isNamed(name, mark) }
    }
}
