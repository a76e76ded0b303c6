/// The path of one flow from device to user plane function: one 5QI over one slice.
///
/// Per packet, with slot = 1 ms / 2^numerology:
///
///     air = align U(0, slot) + scheduling slots + 1 slot on the air + 0.1 ms decoding + k retransmissions of 5 slots
///     P(try n fails) = p1 * 0.2^(n-1); the packet is lost when the third retransmission fails too
///
/// The residual loss of that is 6.4e-9 at p1 = 0.1, below nearly every row of the 5QI table, and independent from packet
/// to packet, which real loss is not. A Gilbert-Elliott chain per device adds bursts of mean length 5 so that the whole
/// meets the row's packet error rate. With random access, waiting for one of the occasions every 5 ms and repeated tries
/// (detection 1 - e^-i on try i, backoff up to 20 ms, at most 10) come first; preamble collisions are left to the queue.
/// All integer nanoseconds.
package struct RadioLink: Sendable {
  /// Feedback after 4 slots, then one slot for the retransmission.
  static let retransmissionSlots: UInt64 = 5
  static let retransmissions = 3
  static let decodingNs: UInt64 = 100_000
  static let accessPeriodNs: UInt64 = 5_000_000
  static let accessBackoffNs: UInt64 = 20_000_000

  /// The 5QI value.
  let fiveQI: UInt8
  /// Index of the slice in the scenario.
  let slice: UInt8
  let randomAccess: Bool
  let delayCritical: Bool
  let slotNs: UInt64
  let schedulingNs: UInt64
  /// Failure of the first try and of the first, second and third retransmission.
  let failures: (Probability, Probability, Probability, Probability)
  /// The chance that a device starts in a loss burst: the chain's long-run share.
  let startsInBurst: Probability
  let enterBurst: Probability
  let leaveBurst: Probability
  let coreUs: Int64
  let budgetUs: Int64
  let burstBytes: Int

  package init(_ row: FiveQI, _ profile: SliceProfile, slice: Int) {
    fiveQI = row.value
    self.slice = UInt8(truncatingIfNeeded: slice)
    randomAccess = profile.randomAccess
    delayCritical = row.resource == .delayCritical
    slotNs = 1_000_000 >> UInt64(min(profile.numerology, 4))
    schedulingNs = slotNs * UInt64(profile.schedulingSlots)
    let p1 = Double(profile.firstFailurePpm) / 1_000_000
    failures = (Probability(p1), Probability(p1 * 0.2), Probability(p1 * 0.04), Probability(p1 * 0.008))
    let residual = p1 * (p1 * 0.2) * (p1 * 0.04) * (p1 * 0.008)
    let chain = GilbertElliott(lossRate: max(0, row.errorRate - residual))
    startsInBurst = Probability(max(0, row.errorRate - residual))
    enterBurst = chain.enter
    leaveBurst = chain.leave
    coreUs = Int64(row.coreShareMs) * 1000
    budgetUs = Int64(row.delayBudgetMs) * 1000
    burstBytes = Int(row.maximumBurstBytes ?? 0)
  }

  /// What happened to one packet on the radio.
  package struct Outcome {
    /// From data in the device's buffer to data in the base station, in microseconds, rounded up; without access.
    package var airUs: Int64
    /// Random access before it, in microseconds.
    package var accessUs: Int64
    package var retransmissions: UInt8
    /// Why it did not come through, if so.
    package var loss: LossCause?
  }

  /// Sends one packet.
  ///
  /// - Parameter inBurst: the device's Gilbert-Elliott state, moved on by one step.
  @inline(__always)
  package func transmit(_ random: inout CounterRandom, inBurst: inout Bool) -> Outcome {
    inBurst = inBurst ? !random.happens(leaveBurst) : random.happens(enterBurst)
    var ns = random.below(slotNs) + schedulingNs + slotNs + Self.decodingNs
    var tries: UInt8 = 0
    var failed = random.happens(failures.0)
    if failed {
      (failed, tries) = retransmit(&random)
      ns += UInt64(tries) * Self.retransmissionSlots * slotNs
    }
    let access = randomAccess ? accessDelay(&random) : 0
    return Outcome(
      airUs: Int64((ns + 999) / 1000), accessUs: access, retransmissions: tries,
      loss: inBurst ? .fading : failed ? .retransmissions : nil)
  }

  private func retransmit(_ random: inout CounterRandom) -> (failed: Bool, tries: UInt8) {
    if !random.happens(failures.1) { return (false, 1) }
    if !random.happens(failures.2) { return (false, 2) }
    return (random.happens(failures.3), 3)
  }

  /// 1 - e^-i for tries 1 to 9 as thresholds; the tenth always succeeds, as this model has no access failure.
  private static let detection: [Probability] = [
    0.6321205588285577, 0.8646647167633873, 0.950212931632136, 0.9816843611112658, 0.9932620530009145,
    0.9975212478233336, 0.9990881180344455, 0.9996645373720975, 0.9998765901959134,
  ].map { Probability($0) }

  private func accessDelay(_ random: inout CounterRandom) -> Int64 {
    // Preamble, response window and the two messages that resolve contention take two more occasions.
    var ns = random.below(Self.accessPeriodNs) + 2 * Self.accessPeriodNs
    for detected in Self.detection {
      if random.happens(detected) { break }
      ns += Self.accessPeriodNs + random.below(Self.accessBackoffNs)
    }
    return Int64(ns / 1000)
  }
}

/// Why a packet never reached the gateway.
public enum LossCause: UInt8, Sendable, CaseIterable {
  /// A burst of the Gilbert-Elliott chain.
  case fading
  /// All retransmissions failed.
  case retransmissions
  /// Later than the delay budget of a delay-critical 5QI, which counts as lost.
  case late
  /// The device never sent it: injected missing data.
  case neverSent
}

/// Two-state loss in bursts (Gilbert 1960, Elliott 1963): all packets lost in the bad state, none in the good one.
public struct GilbertElliott: Sendable {
  /// Probability per packet of going from good to bad.
  public let enter: Probability
  /// Probability per packet of going from bad to good: 1/5, a mean burst of five packets.
  public let leave: Probability

  /// The chain whose long-run share of losses is `lossRate`: enter = leave * L / (1 - L).
  public init(lossRate: Double) {
    let leave = 0.2
    let rate = min(max(lossRate, 0), 0.8)
    enter = Probability(leave * rate / (1 - rate))
    self.leave = Probability(leave)
  }
}
