/// What the command line asks for.
enum Arguments: Equatable {
    case help
    case version
    /// A command with the flags that were given, by parameter.
    case run(Command, [Parameter: String])

    /// What is to be done.
    enum Command: String, CaseIterable {
        /// Credentials are written to a file. The one command without a word.
        case write = ""
        /// Credentials are printed for AWS's `credential_process`.
        case process
        /// The step's own claims are printed, as the gateway sees them.
        case whoami
    }

    /// Reads the arguments; all faults at once. `--help` and `--version` win over everything else.
    static func parse(_ arguments: [String]) -> (Arguments, faults: [Fault]) {
        if arguments.contains("--help") || arguments.contains("-h") { return (.help, []) }
        if arguments.contains("--version") { return (.version, []) }
        let command = arguments.first.flatMap(Command.init(rawValue:)) ?? .write
        var parser = FlagParser(rest: arguments[(command == .write ? 0 : 1)...])
        parser.parse()
        return (.run(command, parser.values), parser.faults)
    }
}

/// Reads `--name value` and `--name=value`.
private struct FlagParser {
    var rest: ArraySlice<String>
    var values: [Parameter: String] = [:]
    var faults: [Fault] = []

    init(rest: ArraySlice<String>) { self.rest = rest }

    mutating func parse() {
        while let argument = rest.popFirst() {
            guard argument.hasPrefix("--") else {
                faults.append(
                    Fault("unexpected argument '\(argument)': parameters are given as in --role ARN (see --help)"))
                continue
            }
            let equals = argument.firstIndex(of: "=") ?? argument.endIndex
            let name = String(argument[..<equals].dropFirst(2).map { $0 == "-" ? "_" : $0 })
            guard let parameter = Parameter(rawValue: name) else {
                faults.append(Fault("unknown flag \(argument[..<equals]): see --help for the flags there are"))
                if equals == argument.endIndex { skipValue() }
                continue
            }
            take(parameter, attached: equals == argument.endIndex ? nil : String(argument[equals...].dropFirst()))
        }
    }

    private mutating func take(_ parameter: Parameter, attached: String?) {
        guard let value = attached ?? followingValue(of: parameter) else {
            faults.append(Fault("\(parameter.flag) needs a value, as in \(parameter.flag) VALUE"))
            return
        }
        guard values[parameter] == nil else {
            faults.append(Fault("\(parameter.flag) is given twice: keep one"))
            return
        }
        values[parameter] = value
    }

    private mutating func followingValue(of parameter: Parameter) -> String? {
        if parameter.isSwitch { return "true" }
        guard let next = rest.first, !next.hasPrefix("--") else { return nil }
        return rest.popFirst()
    }

    private mutating func skipValue() {
        if let next = rest.first, !next.hasPrefix("--") { rest.removeFirst() }
    }
}
