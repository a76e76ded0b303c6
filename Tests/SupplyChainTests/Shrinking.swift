import FinanceRules
import Foundation

/// Runs of chosen steps, and the shortest of them that still fails.
enum Shrinking {
  /// Takes these steps of a seed's run and checks every invariant after each; gives the first failure.
  ///
  /// Everything but a failed check is thrown on.
  static func failure(
    seed: UInt64, steps: [Int], without omitted: Guard? = nil
  ) throws -> (run: RandomRun, failure: RunFailure)? {
    let run = try RandomRun(seed: seed, without: omitted)
    for number in steps {
      run.begin(number)
      do {
        try run.step()
        try run.check()
      } catch let failure as RunFailure { return (run, failure) }
    }
    return nil
  }

  /// Delta debugging (Zeller and Hildebrandt, 2002): leaves out ever smaller parts of the steps for as long as the rest
  /// still fails; at the end no single step can be left out.
  ///
  /// Takes at most some hundred runs for a failing run of 400 steps.
  static func shrink(seed: UInt64, steps: [Int], without omitted: Guard? = nil) throws -> [Int] {
    var (steps, parts) = (steps, 2)
    while steps.count > 1 {
      let size = (steps.count + parts - 1) / parts
      var isShorter = false
      for start in stride(from: 0, to: steps.count, by: size) {
        let rest = Array(steps[..<start] + steps[min(start + size, steps.count)...])
        guard !rest.isEmpty, try failure(seed: seed, steps: rest, without: omitted) != nil else { continue }
        (steps, parts, isShorter) = (rest, max(parts - 1, 2), true)
        break
      }
      if isShorter { continue }
      if size == 1 { break }
      parts = min(parts * 2, steps.count)
    }
    return steps
  }

  /// What a failing run comes down to, as a script: its commands in words and the one command that runs them again.
  static func script(seed: UInt64, steps: [Int], without omitted: Guard? = nil) throws -> String {
    let short = try shrink(seed: seed, steps: steps, without: omitted)
    guard let (run, failure) = try failure(seed: seed, steps: short, without: omitted) else {
      return "seed \(seed) does not fail again"
    }
    let first = failure.message.split(separator: "\n").first ?? ""
    return """
      # \(first)
      # It comes down to \(short.count) of \(steps.count) steps:
      \(run.log.map { "#   \($0)" }.joined(separator: "\n"))
      TALLYSTICK_SEED=\(seed) TALLYSTICK_STEPS=\(short.map(\.description).joined(separator: ",")) \
      swift test -c release --skip-build --disable-xctest --filter RandomTests/chosen
      """
  }

  /// The steps that the environment asks for, or all of a run.
  static func chosen(_ environment: [String: String]) -> (seed: UInt64, steps: [Int])? {
    guard let seed = environment["TALLYSTICK_SEED"].flatMap({ UInt64($0) }) else { return nil }
    let steps = environment["TALLYSTICK_STEPS"]?.split(separator: ",").compactMap { Int($0) }
    return (seed, steps ?? Array(0..<400))
  }
}
