import Foundation
import Testing

@testable import ClientCLI

@Suite struct SettingsTests {
    /// The sources of a parameter in the words of their entries.
    enum Source: CaseIterable { case flag, parametersFile, secretsFile, parameterVariable, ownVariable }

    private func set(_ parameter: Parameter, _ source: Source, _ value: String, in fixture: Fixture) throws
        -> [Parameter: String]
    {
        switch source {
        case .flag: return [parameter: value]
        case .parametersFile: try fixture.write("parameters", parameter.rawValue, value)
        case .secretsFile: try fixture.write("secrets", parameter.rawValue, value)
        case .parameterVariable: fixture.variables["PARAMETER_\(parameter.rawValue.uppercased())"] = value
        case .ownVariable: fixture.variables["AWS_CREDENTIALS_\(parameter.rawValue.uppercased())"] = value
        }
        return [:]
    }

    private func emptyFixture() -> Fixture {
        let fixture = Fixture()
        fixture.variables = [:]
        return fixture
    }

    @Test(arguments: Parameter.allCases, Source.allCases)
    func `reads every parameter from every source`(parameter: Parameter, source: Source) throws {
        let fixture = emptyFixture()
        let flags = try set(parameter, source, "value", in: fixture)
        let settings = Settings(flags: flags, environment: fixture.environment)
        let isFile = source == .parametersFile || source == .secretsFile
        if parameter == .allowPlaintext, isFile {
            #expect(settings[parameter] == nil)
            #expect(settings.faults.count == 1)
        } else {
            #expect(settings.entries.count == 1)
            #expect(settings[parameter]?.text == "value")
            #expect(settings.faults.isEmpty)
        }
    }

    /// Each pair: the first must win over the second.
    private static let order: [(Source, Source)] = [
        (.flag, .parametersFile), (.flag, .parameterVariable), (.parametersFile, .secretsFile),
        (.secretsFile, .parameterVariable),
        (.parameterVariable, .ownVariable),
    ]

    @Test(arguments: Parameter.allCases.filter { $0.precedence == .fileFirst }, order)
    func `believes flags, then files, then the environment`(parameter: Parameter, pair: (Source, Source)) throws {
        let fixture = emptyFixture()
        var flags = try set(parameter, pair.0, "first", in: fixture)
        flags.merge(try set(parameter, pair.1, "second", in: fixture)) { first, _ in first }
        #expect(Settings(flags: flags, environment: fixture.environment)[parameter]?.text == "first")
    }

    @Test(arguments: Parameter.allCases.filter { $0.precedence == .fileFirst }, [Source.parametersFile, .secretsFile])
    func `believes the environment before files when told to`(parameter: Parameter, file: Source) throws {
        let fixture = emptyFixture()
        fixture.variables["PARAMETER_PRECEDENCE"] = "env"
        _ = try set(parameter, .ownVariable, "first", in: fixture)
        _ = try set(parameter, file, "second", in: fixture)
        let settings = Settings(flags: [:], environment: fixture.environment)
        #expect(settings[parameter]?.text == "first")
        #expect(settings.faults.isEmpty)
        #expect(Settings(flags: [parameter: "flag"], environment: fixture.environment)[parameter]?.text == "flag")
        fixture.variables = ["PARAMETER_PRECEDENCE": "env"]
        #expect(Settings(flags: [:], environment: fixture.environment)[parameter]?.text == "second")
    }

    @Test(
        arguments: [Parameter.gatewayURL, .gatewayCA, .proxy, .noProxy, .precedence],
        [Source.flag, .parameterVariable, .ownVariable])
    func `refuses a file that sends the token elsewhere, and names both`(parameter: Parameter, source: Source) throws {
        let fixture = emptyFixture()
        let flags = try set(parameter, source, "https://mine", in: fixture)
        try fixture.write("secrets", parameter.rawValue, "https://evil")
        let settings = Settings(flags: flags, environment: fixture.environment)
        #expect(settings[parameter]?.text == "https://mine")
        let fault = try #require(settings.faults.first?.description)
        let chosen = try #require(settings[parameter]?.source)
        #expect(fault.contains("https://mine") && fault.contains("https://evil") && fault.contains(chosen))
        #expect(fault.contains("\(fixture.root)/secrets/aws-credentials/\(parameter.rawValue)"))
    }

    @Test func `refuses two files that differ about the gateway`() throws {
        let fixture = emptyFixture()
        try fixture.write("parameters", "gateway_url", "https://a")
        try fixture.write("secrets", "gateway_url", "https://b")
        #expect(Settings(flags: [:], environment: fixture.environment).faults.count == 1)
    }

    @Test func `takes a file that agrees with the environment`() throws {
        let fixture = emptyFixture()
        fixture.variables["PARAMETER_GATEWAY_URL"] = "https://a"
        try fixture.write("parameters", "gateway_url", "https://a\n")
        #expect(Settings(flags: [:], environment: fixture.environment).faults.isEmpty)
    }

    @Test(arguments: [("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a"), (" a ", " a "), ("a\nb\n", "a\nb")])
    func `trims the newline at a file's end`(content: String, value: String) throws {
        let fixture = emptyFixture()
        try fixture.write("parameters", "role", content)
        #expect(Settings(flags: [:], environment: fixture.environment)[.role]?.text == value)
    }

    @Test func `takes an empty variable or file for not set`() throws {
        let fixture = emptyFixture()
        fixture.variables["PARAMETER_ROLE"] = ""
        fixture.variables["AWS_CREDENTIALS_ROLE"] = "second"
        try fixture.write("parameters", "role", "\n")
        #expect(Settings(flags: [:], environment: fixture.environment)[.role]?.text == "second")
    }

    @Test func `names a file that cannot be read`() throws {
        let fixture = emptyFixture()
        try FileManager.default.createDirectory(
            atPath: "\(fixture.root)/parameters/aws-credentials/role", withIntermediateDirectories: true)
        try fixture.write("secrets", "region", String(repeating: "x", count: 70_000))
        try fixture.write("secrets", "audience", "a\0b")
        let faults = Settings(flags: [:], environment: fixture.environment).faults.map(\.description)
        #expect(faults.count == 3)
        #expect(faults.contains { $0.contains("parameters/aws-credentials/role") && $0.contains("Is a directory") })
        #expect(faults.contains { $0.contains("secrets/aws-credentials/region") && $0.contains("64 KiB") })
        #expect(faults.contains { $0.contains("secrets/aws-credentials/audience") && $0.contains("UTF-8") })
    }
}
