import Foundation

extension FuzzTarget {
    /// The one that the environment variable CHURN_FUZZ_TARGET names.
    static let chosen: FuzzTarget = {
        let name = ProcessInfo.processInfo.environment["CHURN_FUZZ_TARGET"] ?? ""
        guard let target = Self(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue).joined(separator: ", ")
            FileHandle.standardError.write(Data("CHURN_FUZZ_TARGET must be one of \(names)\n".utf8))
            exit(2)
        }
        return target
    }()
}

/// The function that libFuzzer calls for each input; a finding ends the program, so that the input is kept.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    do {
        try FuzzTarget.chosen.run(Array(UnsafeBufferPointer(start: data, count: size)))
    } catch {
        FileHandle.standardError.write(Data("finding: \(error)\n".utf8))
        abort()
    }
    return 0
}
