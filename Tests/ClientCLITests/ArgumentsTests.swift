import Testing

@testable import ClientCLI

@Suite struct ArgumentsTests {
    @Test func `reads flags in both spellings and both forms`() {
        let (arguments, faults) = Arguments.parse(
            ["--role", "r", "--script-path=/x=y", "--role_session_name", "n", "--script-write", "--verify=false"])
        #expect(
            arguments
                == .run(
                    .write,
                    [
                        .role: "r", .scriptPath: "/x=y", .roleSessionName: "n", .scriptWrite: "true", .verify: "false",
                    ]))
        #expect(faults.isEmpty)
    }

    @Test(arguments: [["--help"], ["--role", "r", "-h"], ["--bogus", "--help"]])
    func `gives help before anything else`(arguments: [String]) {
        #expect(Arguments.parse(arguments).0 == .help)
    }

    @Test(arguments: [
        (["--rolle", "x"], "unknown flag --rolle"), (["role"], "unexpected argument 'role'"),
        (["--role"], "--role needs a value"),
        (["--role", "--verify"], "--role needs a value"), (["--role", "a", "--role", "b"], "--role is given twice"),
        (["-r", "x"], "unexpected argument '-r'"), (["--=x"], "unknown flag --"),
    ])
    func `refuses what it does not know and says what to do`(arguments: [String], words: String) throws {
        let fault = try #require(Arguments.parse(arguments).faults.first?.description)
        #expect(fault.hasPrefix(words))
    }

    @Test func `takes a command as the first word only`() {
        #expect(Arguments.parse(["whoami"]).0 == .run(.whoami, [:]))
        #expect(Arguments.parse(["whoami", "process"]).faults.count == 1)
        #expect(Arguments.parse([""]).faults.count == 1)
        #expect(Arguments.parse(["process", "--role", "r"]).0 == .run(.process, [.role: "r"]))
        #expect(Arguments.parse(["--role", "r", "process"]).faults.count == 1)
    }

    @Test func `has help for every parameter`() {
        for parameter in Parameter.allCases { #expect(Help.text.contains("  \(parameter.flag) ")) }
    }
}
