// swift-tools-version:6.2
import PackageDescription

// A package of its own: the sanitizer's flags must reach every module, and nothing else wants them. Scripts/fuzz.sh
// builds it. SwiftPM gives the main function a name of its own, so that libFuzzer's is not found: CFuzzMain has one that
// calls libFuzzer. Only the files that read a client's commands are here, as links: the whole server
// would treble the build.
let package = Package(
    name: "churn-fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "churn", path: ".."),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
    ],
    targets: [
        .target(name: "CFuzzMain"),
        .executableTarget(
            name: "churn-fuzz",
            dependencies: [
                "CFuzzMain",
                .product(name: "ChurnCore", package: "churn"),
                .product(name: "ChurnFiles", package: "churn"),
                .product(name: "ChurnModel", package: "churn"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
