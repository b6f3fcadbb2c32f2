import DevStack
import Foundation
import Testing

/// AWS's own parser reads what the stand-in writes.
@Suite struct `botocore` {
    private static let hasBotocore = (try? run("import botocore", []))?.status == 0

    @Test(.enabled(if: hasBotocore, "python3 with botocore is not installed"))
    func `reads an answer, an error and the caller's identity`() async throws {
        try await withStack { client in
            let token = try client.stack.issuer.idToken(for: Build(), audience: ["sts.amazonaws.com"])
            let url = client.stack.stsURL
            let result = try await detached { try run(script, [url, token]) }
            #expect(
                result.output == "arn:aws:sts::123456123456:assumed-role/test/vela ExpiredTokenException 400 True\n")
            #expect(result.status == 0)
        }
    }
}

private let script = """
    import sys, botocore.session, botocore.exceptions
    from botocore.config import Config
    session = botocore.session.Session()
    def client(**keys):
        return session.create_client("sts", region_name="eu-west-1", endpoint_url=sys.argv[1],
            config=Config(retries={"total_max_attempts": 1}, **({} if keys else {"signature_version": botocore.UNSIGNED})), **keys)
    def assume(token):
        return client().assume_role_with_web_identity(
            RoleArn="arn:aws:iam::123456123456:role/test", RoleSessionName="vela", WebIdentityToken=token,
            PolicyArns=[{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}])
    answer = assume(sys.argv[2])
    keys = answer["Credentials"]
    import urllib.request
    urllib.request.urlopen(sys.argv[1] + "/_dev/sts/faults", b'{"code":"ExpiredTokenException"}')
    try:
        assume(sys.argv[2])
    except botocore.exceptions.ClientError as error:
        code, status = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    caller = client(aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"]).get_caller_identity()
    print(answer["AssumedRoleUser"]["Arn"], code, status, caller["Arn"] == answer["AssumedRoleUser"]["Arn"])
    """

private struct Run: Sendable {
    let status: Int32
    let output: String
}

/// Runs a Python script to its end. Blocks, so only on a thread of its own or outside of tasks.
private func run(_ script: String, _ arguments: [String]) throws -> Run {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("AWS_") }
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Run(status: process.terminationStatus, output: String(decoding: bytes, as: UTF8.self))
}

/// Runs `body` on a thread of its own: the task pool has no thread to spare for what blocks.
private func detached<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
    }
}
