// swift-tools-version:6.2
import PackageDescription

let package = Package(
    name: "quickstart",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "churn", path: "../..")],
    targets: [
        .executableTarget(
            name: "Quickstart",
            dependencies: [
                .product(name: "ChurnCore", package: "churn"), .product(name: "ChurnMemory", package: "churn"),
            ])
    ]
)
