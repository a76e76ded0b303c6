import FinanceRules
import Ledger
import Primitives

/// The tree of a note's lots as SVG: parents above their parts, a bar of each one's share of the face.
struct NoteTree {
  struct Node {
    let id: Digest
    let lot: Lot
    /// Empty where it may not be shown.
    let holder: String
  }

  let face: Int64
  let currency: String
  let nodes: [Node]

  /// Lots that are drawn at most.
  static let limit = 400
  private static let (width, row, step) = (420, 50, 22)

  /// The lots in order, each with its depth in the tree.
  private var order: [(node: Node, depth: Int, parent: Int?)] {
    let children = Dictionary(grouping: nodes, by: \.lot.parent)
    var order: [(node: Node, depth: Int, parent: Int?)] = []
    func walk(_ parent: Digest?, _ depth: Int, _ place: Int?) {
      let parts = (children[parent] ?? []).sorted { ($0.lot.amount, $0.id.hex) > ($1.lot.amount, $1.id.hex) }
      for node in parts where order.count < NoteTree.limit && depth < 64 {
        order.append((node, depth, place))
        walk(node.id, depth + 1, order.count - 1)
      }
    }
    walk(nil, 0, nil)
    return order
  }

  /// The drawing, with its title and a summary for those who do not see it.
  func svg(title: Message, summary: Message) -> String {
    let (order, words) = (order, Catalogue.current)
    let height = max(1, order.count) * NoteTree.row + 8
    func say(_ message: Message) -> String { Shown.escape(message.text(in: words)) }
    var svg = "<svg class=\"chart tree\" viewBox=\"0 0 \(NoteTree.width) \(height)\" role=\"img\""
    svg += " aria-labelledby=\"tree-t tree-d\"><title id=\"tree-t\">\(say(title))</title>"
    svg += "<desc id=\"tree-d\">\(say(summary))</desc>\n"
    func x(_ depth: Int) -> Int { 10 + min(depth, 8) * NoteTree.step }
    for (place, item) in order.enumerated() {
      let (left, top) = (x(item.depth), place * NoteTree.row + 6)
      if let parent = item.parent {
        let (fromX, fromY) = (x(order[parent].depth) + 5, parent * NoteTree.row + 22)
        svg += "<path class=\"axis\" d=\"M\(fromX) \(fromY)V\(top + 11)H\(left)\"/>\n"
      }
      let state = Shown.state(item.node.lot)
      let isGone = item.node.lot.existence == .consumed
      let share = face > 0 ? Double(item.node.lot.amount) / Double(face) : 0
      let length = Int(share * Double(NoteTree.width - 10 - left - 18))
      svg +=
        "<circle class=\"\(isGone ? "knot gone" : "knot \(state.tone)")\" cx=\"\(left + 5)\" cy=\"\(top + 11)\" r=\"5\"/>"
      svg += "<text class=\"amount\" x=\"\(left + 18)\" y=\"\(top + 15)\">"
      svg += "\(Shown.escape(Shown.money(item.node.lot.amount, currency)))</text>"
      svg += "<text x=\"\(NoteTree.width - 8)\" y=\"\(top + 15)\" text-anchor=\"end\">\(say(state.word))</text>"
      let holder = item.node.holder.isEmpty ? say("not shown to you") : Shown.escape(item.node.holder)
      svg += "<text x=\"\(left + 18)\" y=\"\(top + 32)\">\(isGone ? "" : holder)</text>"
      svg += "<path class=\"share\(isGone ? " gone" : "")\" d=\"M\(left + 18) \(top + 39)h\(max(1, length))\"/>\n"
    }
    return svg + "</svg>"
  }
}
