/// The text of every parameter that is set, and where it came from.
struct Settings {
    /// One value and its source in words, such as `PARAMETER_ROLE`.
    struct Entry: Equatable {
        let text: String
        let source: String
        /// Whether any step of the build could have written it.
        var isFile = false
    }

    private(set) var entries: [Parameter: Entry] = [:]
    private(set) var faults: [Fault] = []

    /// Looks every parameter up in flags, files and environment.
    init(flags: [Parameter: String], environment: ClientEnvironment) {
        // First of all, because it says how the others are looked up.
        look(up: .precedence, flags, environment)
        for parameter in Parameter.allCases where parameter != .precedence { look(up: parameter, flags, environment) }
    }

    subscript(parameter: Parameter) -> Entry? { entries[parameter] }

    private mutating func look(up parameter: Parameter, _ flags: [Parameter: String], _ environment: ClientEnvironment)
    {
        let flag = flags[parameter].map { Entry(text: $0, source: parameter.flag) }
        let variable = Self.variable(parameter, environment)
        let files = readFiles(parameter, root: environment.root)
        switch parameter.precedence {
        case .fileFirst:
            let beatsFiles = entries[.precedence]?.text == Source.environment.rawValue
            entries[parameter] = flag ?? (beatsFiles ? variable ?? files.first : files.first ?? variable)
        case .environmentFirst:
            entries[parameter] = flag ?? variable ?? files.first
            refuseDifference(parameter, files)
        case .environmentOnly:
            entries[parameter] = flag ?? variable
            for file in files { refuseFile(parameter, file) }
        }
    }

    /// The values of the parameter `precedence`: what is believed first.
    enum Source: String, CaseIterable {
        case file
        case environment = "env"
    }

    private static func variable(_ parameter: Parameter, _ environment: ClientEnvironment) -> Entry? {
        for name in parameter.variables {
            if let text = environment.variable(name) { return Entry(text: text, source: name) }
        }
        return nil
    }

    /// The files that exist and are not empty, in their order.
    private mutating func readFiles(_ parameter: Parameter, root: String) -> [Entry] {
        var found: [Entry] = []
        for folder in ["parameters", "secrets"] {
            do throws(Fault) {
                let path = "\(root)/\(folder)/aws-credentials/\(parameter.rawValue)"
                if let text = try ParameterFile.read(path) {
                    found.append(Entry(text: text, source: path, isFile: true))
                }
            } catch {
                faults.append(error)
            }
        }
        return found
    }

    private mutating func refuseDifference(_ parameter: Parameter, _ files: [Entry]) {
        guard let chosen = entries[parameter] else { return }
        for file in files where file.text != chosen.text {
            faults.append(Self.difference(parameter, chosen, file))
        }
    }

    /// That a file says something else than who sets up the step.
    static func difference(_ parameter: Parameter, _ chosen: Entry, _ file: Entry) -> Fault {
        let (here, there) = (parameter.shown(chosen.text), parameter.shown(file.text))
        return Fault(
            "\(parameter.rawValue) differs: \(chosen.source) says '\(Printable.quote(here, hiding: []))', "
                + "the file \(file.source) says '\(Printable.quote(there, hiding: []))'. "
                + "Any step can write that file, so the two must agree: remove one of them")
    }

    private mutating func refuseFile(_ parameter: Parameter, _ file: Entry) {
        faults.append(
            Fault(
                "\(parameter.rawValue) cannot be set by the file \(file.source), which any step can write: "
                    + "remove the file and set the parameter in the step"))
    }
}
