// swift-tools-version: 6.2
import PackageDescription

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "vela-aws-gateway",
    products: [
        .executable(name: "vela-aws-gateway", targets: ["vela-aws-gateway"]),
        .executable(name: "vela-aws-credentials", targets: ["vela-aws-credentials"]),
        .executable(name: "vela-aws-devstack", targets: ["vela-aws-devstack"]),
    ],
    dependencies: [
        // Why each is here: docs/decisions/0002-dependencies.md.
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // C libraries. Each has one importer; Scripts/check-structure holds it.
        .systemLibrary(name: "CMicroHTTPD", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "COpenSSL", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "CEpoll"),

        // Leaves.
        .target(name: "Secrets"),
        .target(name: "StrictJSON"),
        .target(name: "Threading"),
        .target(name: "ProcessHardening", dependencies: ["CLinux"]),
        .target(name: "EventLoop", dependencies: ["CEpoll", "Threading"]),

        // The wire contract and the decisions.
        .target(name: "ExchangeAPI", dependencies: ["StrictJSON", "Secrets"]),
        .target(name: "ExchangeCore", dependencies: ["StrictJSON", "Secrets", "Threading", crypto, cryptoExtras]),

        // The server and the two HTTP clients.
        .target(name: "MicroHTTPD", dependencies: ["CMicroHTTPD", "EventLoop", "Secrets", "Threading"]),
        .target(name: "OutboundHTTP", dependencies: ["CCurl", "EventLoop", "Secrets", "Threading"]),
        .target(name: "RedisClient", dependencies: ["OutboundHTTP", "Secrets", "Threading"]),
        .target(name: "ClientHTTP", dependencies: ["COpenSSL", "Secrets"]),

        // The programs: a library each, so that tests can link them, and an entry point of a few lines.
        .target(
            name: "Gateway",
            dependencies: [
                "EventLoop", "ExchangeAPI", "ExchangeCore", "MicroHTTPD", "OutboundHTTP", "ProcessHardening",
                "RedisClient",
                "Secrets", "StrictJSON", "Threading", argumentParser, crypto, cryptoExtras, logging, metrics,
                unixSignals, yams,
            ]),
        .target(
            name: "ClientCLI", dependencies: ["ExchangeAPI", "ClientHTTP", "ProcessHardening", "Secrets", "StrictJSON"]),
        .target(
            name: "DevStack",
            dependencies: [
                "EventLoop", "MicroHTTPD", "Secrets", "StrictJSON", "Threading", argumentParser, crypto, cryptoExtras,
                unixSignals,
            ]),
        .executableTarget(
            name: "vela-aws-gateway", dependencies: ["Gateway"], path: "Sources/Programs/vela-aws-gateway"),
        .executableTarget(
            name: "vela-aws-credentials", dependencies: ["ClientCLI"], path: "Sources/Programs/vela-aws-credentials"),
        .executableTarget(
            name: "vela-aws-devstack", dependencies: ["DevStack"], path: "Sources/Programs/vela-aws-devstack"),

        // Tests: one target a source target, shared support, and the real binaries over real sockets.
        .target(
            name: "TestSupport",
            dependencies: ["Secrets", "StrictJSON", "Threading", "ExchangeCore", crypto, cryptoExtras],
            path: "Tests/TestSupport",
            resources: [.copy("Vectors")]),
        .testTarget(name: "SecretsTests", dependencies: ["Secrets"]),
        .testTarget(name: "StrictJSONTests", dependencies: ["StrictJSON"]),
        .testTarget(name: "ExchangeAPITests", dependencies: ["ExchangeAPI", "Secrets", "StrictJSON"]),
        .testTarget(
            name: "ExchangeCoreTests",
            dependencies: ["ExchangeCore", "Secrets", "StrictJSON", "TestSupport", "Threading", crypto]),
        .testTarget(name: "EventLoopTests", dependencies: ["EventLoop", "Threading"]),
        .testTarget(name: "MicroHTTPDTests", dependencies: ["EventLoop", "MicroHTTPD", "Secrets"]),
        .testTarget(name: "OutboundHTTPTests", dependencies: ["OutboundHTTP", "Secrets"]),
        .testTarget(name: "RedisClientTests", dependencies: ["OutboundHTTP", "RedisClient", "Secrets", "Threading"]),
        .testTarget(name: "ClientHTTPTests", dependencies: ["ClientHTTP", "Secrets"]),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Gateway", "ExchangeAPI", "ExchangeCore", "MicroHTTPD", "OutboundHTTP", "RedisClient", "Secrets",
                "StrictJSON",
                "TestSupport", "Threading", crypto,
            ]),
        .testTarget(
            name: "ClientCLITests", dependencies: ["ClientCLI", "ClientHTTP", "ExchangeAPI", "Secrets", "StrictJSON"]),
        .testTarget(
            name: "DevStackTests",
            dependencies: ["DevStack", "MicroHTTPD", "Secrets", "StrictJSON", crypto, cryptoExtras]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["StrictJSON"],
            exclude: [
                "Support/exchange_load.py", "Support/hostile_server.py", "Support/crowd.py", "Support/yes_server.py",
            ]),
    ],
    swiftLanguageModes: [.v6]
)

// Built on request only: VAG_BENCHMARKS=1 swift build ...
if Context.environment["VAG_BENCHMARKS"] != nil {
    package.targets += [
        .target(
            name: "BenchmarkSamples", dependencies: ["ExchangeCore", "Gateway", "StrictJSON"],
            path: "Benchmarks/samples"
        ),
        .target(name: "CProbe", path: "Benchmarks/probe"),
        .executableTarget(
            name: "policy-benchmark", dependencies: ["BenchmarkSamples", "ExchangeCore", "Gateway", "StrictJSON"],
            path: "Benchmarks/policy",
            exclude: ["run"]),
        .executableTarget(
            name: "minting-benchmark", dependencies: ["ExchangeCore", "Gateway", "StrictJSON"],
            path: "Benchmarks/minting",
            exclude: ["run"]),
        .executableTarget(
            name: "micro-benchmark",
            dependencies: [
                "BenchmarkSamples", "CProbe", "ExchangeCore", "Gateway", "MicroHTTPD", "OutboundHTTP", "Secrets",
                "StrictJSON", "TestSupport", "Threading", logging,
            ],
            path: "Benchmarks/micro",
            exclude: ["run"]),
    ]
}

// The fuzzing program: Scripts/fuzz sets the variable and the options that libFuzzer needs.
if Context.environment["VAG_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "ClientHTTP", "ExchangeCore", "Gateway", "MicroHTTPD", "OutboundHTTP", "Secrets", "StrictJSON",
                "Threading",
            ],
            path: "Fuzz/Harnesses"))
}

// One place for the settings of every target of ours.
for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
    ]
}
