import Foundation

/// How much a test tries, where trying everything takes longer than every change can wait.
package enum TestScale {
  /// Whether `TALLYSTICK_THOROUGH` asks for every case.
  package static let isThorough = ProcessInfo.processInfo.environment["TALLYSTICK_THOROUGH"] != nil
}
