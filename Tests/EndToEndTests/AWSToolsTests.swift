import Foundation
import StrictJSON
import Testing

extension EndToEnd {
    /// The four steps that the plugin's documentation shows, and the credentials in the hands of AWS's own tools. STS is
    /// moto, which knows the access keys that it gave.
    @Suite struct `AWS tools` {
        private static let assumed = "arn:aws:sts::123456123456:assumed-role/test/octo-org.octo-repo-7"

        @Test(.enabled(if: Requirement.awsTools, "run Scripts/install-dependencies test"))
        func `the documented steps work, and AWS's tools take what they write`() async throws {
            try await withScene { scene in
                let stack = try await scene.stack()
                let moto = try await scene.moto()
                let gateway = try await scene.gateway(stack, sts: moto)
                try await onlyARole(scene, stack, gateway)
                try await anotherRegion(scene, stack, gateway)
                try await aScript(scene, stack, gateway, moto)
                try await aCredentialFile(scene, stack, gateway, moto)
                #expect(try gateway.allowedKeys().count == 4)
            }
        }

        /// `parameters: {role: ...}`: the credentials are had and nothing is written.
        private func onlyARole(_ scene: Scene, _ stack: Stack, _ gateway: Gateway) async throws {
            let run = try await scene.client(try await stack.step(), gateway.service, ["log_level": .string("trace")])
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.output.isEmpty)
            #expect(run.errors.contains("got credentials for \(Self.assumed)"))
            #expect(run.errors.contains("script_write is false"))
            #expect(run.errors.contains("trace"), "log_level: trace shows no more than usual: \(run.errors)")
        }

        private func anotherRegion(_ scene: Scene, _ stack: Stack, _ gateway: Gateway) async throws {
            let script = scene.file("west.sh")
            let run = try await scene.client(
                try await stack.step(), gateway.service,
                [
                    "region": .string("us-west-2"), "script_write": .bool(true), "script_path": .string(script.path),
                    "managed_session_policies": .null,
                ])
            #expect(run.status == 0, "\(run.errors)")
            let text = try String(contentsOf: script, encoding: .utf8)
            #expect(text.contains("export AWS_DEFAULT_REGION='us-west-2'\n"))
            #expect(text.contains("export AWS_REGION='us-west-2'\n"))
            #expect(try gateway.auditLines().last?["region"]?.string == "us-west-2")
        }

        private func aScript(_ scene: Scene, _ stack: Stack, _ gateway: Gateway, _ moto: String) async throws {
            let script = scene.file("secrets/aws/setup.sh")
            let parameters: [String: JSONValue] = [
                "script_write": .bool(true), "script_path": .string(script.path),
            ]
            let run = try await scene.client(try await stack.step(), gateway.service, parameters)
            #expect(run.status == 0, "\(run.errors)")
            let mode = try FileManager.default.attributesOfItem(atPath: script.path)[.posixPermissions] as? NSNumber
            #expect(mode?.intValue == 0o600)
            // The next step: a shell of its own that knows nothing but the script.
            let identity = try await scene.run(
                URL(filePath: "/bin/bash"),
                ["-euc", "source \"$SCRIPT\"; exec \"$AWS\" sts get-caller-identity --output json"],
                variables: awsVariables(moto).merging(["SCRIPT": script.path, "AWS": Programs.python("aws").path]) {
                    $1
                },
                name: "aws")
            try expectIdentity(identity)
        }

        private func aCredentialFile(_ scene: Scene, _ stack: Stack, _ gateway: Gateway, _ moto: String) async throws {
            let file = scene.file("credentials")
            let run = try await scene.client(
                try await stack.step(), gateway.service,
                [
                    "script_write": .bool(true), "script_path": .string(file.path),
                    "script_format": .string("credential_file"),
                ])
            #expect(run.status == 0, "\(run.errors)")
            let variables = awsVariables(moto).merging(
                ["AWS_SHARED_CREDENTIALS_FILE": file.path, "AWS_DEFAULT_REGION": "us-east-1"]) { $1 }
            let aws = try await scene.run(
                Programs.python("aws"), ["sts", "get-caller-identity", "--output", "json"], variables: variables,
                name: "aws")
            try expectIdentity(aws)
            let script = """
                import boto3, json
                answer = boto3.client("sts").get_caller_identity()
                print(json.dumps({name: answer[name] for name in ("Arn", "Account")}))
                """
            let boto3 = try await scene.run(Programs.python(), ["-c", script], variables: variables, name: "boto3")
            try expectIdentity(boto3)
        }

        private func expectIdentity(_ run: Child.Ended) throws {
            #expect(run.status == 0, "\(run.errors)")
            let identity = try JSONValue(parsing: Array(run.output.utf8)).object
            #expect(identity?["Arn"]?.string == Self.assumed)
            #expect(identity?["Account"]?.string == "123456123456")
        }

        /// Every service that could be called has its address, so that nothing leaves the machine.
        private func awsVariables(_ moto: String) -> [String: String] {
            ["AWS_ENDPOINT_URL": moto, "AWS_ENDPOINT_URL_STS": moto, "AWS_EC2_METADATA_DISABLED": "true"]
        }
    }
}

extension Scene {
    /// Starts moto on a free port and gives its URL.
    fileprivate func moto() async throws -> String {
        let child = try start(Programs.python("moto_server"), ["-H", "127.0.0.1", "-p", "0"], name: "moto")
        return try await poll("moto") {
            guard child.isRunning else { throw Unexpected("moto did not start: \(child.errors)") }
            let words = (child.output + child.errors).split { $0.isWhitespace }
            return words.first { $0.hasPrefix("http://127.0.0.1:") }.map(String.init)
        }
    }
}
