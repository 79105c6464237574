// swift-tools-version:6.2
import PackageDescription

let package = Package(
    name: "custom-sink",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "churn", path: "../..")],
    targets: [
        .target(name: "JournalSink", dependencies: [.product(name: "ChurnCore", package: "churn")]),
        .testTarget(
            name: "JournalSinkTests",
            dependencies: [
                "JournalSink", .product(name: "ChurnCore", package: "churn"),
                .product(name: "ChurnTesting", package: "churn"),
            ]),
    ]
)
