import CXGBoost
import ChurnCore

/// The message of libxgboost about a call that failed.
///
/// Its text may hold data, so it is shown to debuggers only.
struct XGBoostFailure: Error, CustomDebugStringConvertible {
    var message: String
    var debugDescription: String { self.message }
}

/// The library that is linked.
enum XGBoostLibrary {
    /// Its version, such as `1.7.4`.
    static let version: String = {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        XGBoostVersion(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }()

    /// Throws what libxgboost says when `status`, a call's result, is not 0.
    static func check(_ status: Int32) throws {
        guard status != 0 else { return }
        throw XGBoostFailure(message: XGBGetLastError().map { String(cString: $0) } ?? "no message")
    }

    /// Runs calls of the library and turns their failure into an error of this package.
    static func run<Result>(
        _ code: ChurnError.Code, _ disposition: FailureDisposition, during operation: StaticString, advice: String,
        _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
        } catch let failure as XGBoostFailure {
            throw ChurnError(code, disposition, during: operation, advice: advice, underlying: failure)
        }
    }

    /// Describes rows that lie one after the other in memory, for libxgboost to read in place.
    static func arrayInterface(_ rows: UnsafeBufferPointer<Float>, columns: Int) -> String {
        let address = UInt(bitPattern: rows.baseAddress)
        let shape = "[\(rows.count / columns),\(columns)]"
        return #"{"data":[\#(address),true],"shape":\#(shape),"typestr":"<f4","version":3}"#
    }
}
