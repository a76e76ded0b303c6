/// Sorts the packets of a window: a counting sort by microsecond for many, then insertion for ties and for few.
struct WindowSorter: Sendable {
  private var counts: [UInt32] = []
  private var scratch: [UInt32] = []

  /// - Parameters:
  ///   - slots: numbers of packets that all arrive in the window.
  ///   - start: the window's first microsecond.
  mutating func sort(_ slots: inout [UInt32], _ packets: [PendingPacket], start: Int64) {
    if slots.count > 48 { count(&slots, packets, start) }
    for index in slots.indices.dropFirst() {
      let slot = slots[index]
      var place = index
      while place > 0 && packets[Int(slot)].precedes(packets[Int(slots[place - 1])]) {
        slots[place] = slots[place - 1]
        place -= 1
      }
      slots[place] = slot
    }
  }

  private mutating func count(_ slots: inout [UInt32], _ packets: [PendingPacket], _ start: Int64) {
    let width = 1 << Int(PacketGenerator.windowBits)
    if counts.isEmpty { counts = Array(repeating: 0, count: width + 1) }
    for index in counts.indices { counts[index] = 0 }
    for slot in slots { counts[Int(packets[Int(slot)].arrival - start) + 1] += 1 }
    for index in 1...width { counts[index] += counts[index - 1] }
    scratch.removeAll(keepingCapacity: true)
    scratch.append(contentsOf: slots)
    for slot in scratch {
      let place = Int(packets[Int(slot)].arrival - start)
      slots[Int(counts[place])] = slot
      counts[place] += 1
    }
  }
}
