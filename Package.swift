// swift-tools-version:6.2
import PackageDescription

// Warnings are errors in CI only: a newer compiler's new warning must not break a user's build.
let strict: [SwiftSetting] = Context.environment["CI"] == nil ? [] : [.treatAllWarnings(as: .error)]
let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + strict

let package = Package(
    name: "churn",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "ChurnCore", targets: ["ChurnCore"]),
        .library(name: "ChurnFiles", targets: ["ChurnFiles"]),
        .library(name: "ChurnInsight", targets: ["ChurnInsight"]),
        .library(name: "ChurnMemory", targets: ["ChurnMemory"]),
        .library(name: "ChurnKafka", targets: ["ChurnKafka"]),
        .library(name: "ChurnStore", targets: ["ChurnStore"]),
        .library(name: "ChurnModel", targets: ["ChurnModel"]),
        .library(name: "ChurnServe", targets: ["ChurnServe"]),
        .library(name: "ChurnNotify", targets: ["ChurnNotify"]),
        .library(name: "ChurnTesting", targets: ["ChurnTesting"]),
        .executable(name: "churnd", targets: ["churnd"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0",
            traits: [.defaults, "CommandLineArguments", "YAML"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.30.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.5.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.0"),
        // Certificates for tests only; jwt-kit needs both anyway.
        .package(url: "https://github.com/apple/swift-certificates", from: "1.21.0"),
        .package(url: "https://github.com/apple/swift-asn1", from: "1.7.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CRdKafka", pkgConfig: "rdkafka",
            providers: [.apt(["librdkafka-dev"]), .brew(["librdkafka"])]),
        .systemLibrary(
            name: "CPostgres", pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(
            name: "CXGBoost", pkgConfig: "xgboost",
            providers: [.apt(["libxgboost-dev"]), .brew(["xgboost"])]),
        .target(
            name: "ChurnCore",
            dependencies: [
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "ChurnFiles",
            dependencies: ["ChurnCore", .product(name: "Yams", package: "Yams")],
            swiftSettings: settings),
        .target(
            name: "ChurnInsight",
            dependencies: [
                "ChurnCore",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(name: "ChurnMemory", dependencies: ["ChurnCore", "ChurnInsight"], swiftSettings: settings),
        .target(
            name: "ChurnKafka",
            dependencies: [
                "ChurnCore", "CRdKafka",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings),
        .target(
            name: "ChurnStore",
            dependencies: [
                "ChurnCore", "ChurnInsight", "CPostgres",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .target(
            name: "ChurnModel",
            dependencies: [
                "ChurnCore", "ChurnFiles", "ChurnInsight", "CXGBoost",
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .target(
            name: "ChurnServe",
            dependencies: [
                "ChurnCore", "ChurnInsight",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOWebSocket", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
            ],
            swiftSettings: settings),
        .target(
            name: "ChurnNotify",
            dependencies: [
                "ChurnCore", "ChurnInsight",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: settings),
        .target(
            name: "ChurnTesting",
            dependencies: [
                "ChurnCore", "ChurnInsight", "ChurnMemory",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "churnd",
            dependencies: [
                "ChurnCore", "ChurnFiles", "ChurnInsight", "ChurnMemory", "ChurnKafka", "ChurnStore", "ChurnModel",
                "ChurnServe", "ChurnNotify",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "churn-query-benchmark",
            dependencies: [
                "ChurnCore", "ChurnInsight", "ChurnStore",
                .product(name: "Logging", package: "swift-log"),
            ],
            path: "Benchmarks/QueryBenchmark", swiftSettings: settings),
        .executableTarget(
            name: "churn-explain-benchmark", dependencies: ["ChurnModel"],
            path: "Benchmarks/ExplainBenchmark", swiftSettings: settings),
        .testTarget(
            name: "ChurnCoreTests",
            dependencies: [
                "ChurnCore", "ChurnInsight", "ChurnMemory", "ChurnTesting",
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ChurnFilesTests", dependencies: ["ChurnCore", "ChurnFiles", "ChurnTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "ChurnInsightTests",
            dependencies: [
                "ChurnCore", "ChurnFiles", "ChurnInsight", "ChurnMemory", "ChurnTesting",
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ChurnMemoryTests", dependencies: ["ChurnCore", "ChurnInsight", "ChurnMemory", "ChurnTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "ChurnTestingTests", dependencies: ["ChurnCore", "ChurnInsight", "ChurnMemory", "ChurnTesting"],
            swiftSettings: settings),
        .testTarget(
            name: "ChurnModelTests",
            dependencies: [
                "ChurnCore", "ChurnInsight", "ChurnMemory", "ChurnModel", "ChurnTesting",
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ChurnStoreTests",
            dependencies: [
                "ChurnCore", "ChurnInsight", "ChurnMemory", "ChurnStore", "ChurnTesting",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ChurnKafkaTests",
            dependencies: ["ChurnCore", "ChurnKafka", "ChurnMemory", "ChurnTesting", "CRdKafka"],
            swiftSettings: settings),
        // What tests of servers and of their clients share.
        .target(
            name: "ServeTestSupport",
            dependencies: [
                "ChurnCore", "ChurnServe", .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            path: "Tests/ServeTestSupport", swiftSettings: settings),
        .testTarget(
            name: "ChurnNotifyTests",
            dependencies: [
                "ChurnCore", "ChurnInsight", "ChurnMemory", "ChurnNotify", "ChurnServe", "ChurnStore", "ChurnTesting",
                "ServeTestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ChurnServeTests",
            dependencies: [
                "ChurnCore", "ChurnFiles", "ChurnInsight", "ChurnMemory", "ChurnServe", "ChurnStore",
                "ChurnTesting", "ServeTestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "X509", package: "swift-certificates"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "churndTests",
            dependencies: [
                "churnd", "ChurnCore", "ChurnFiles", "ChurnInsight", "ChurnMemory", "ChurnModel", "ChurnNotify",
                "ChurnServe", "ChurnStore", "ChurnTesting",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
