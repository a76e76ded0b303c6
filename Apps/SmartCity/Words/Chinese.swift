import Edge
import EdgeIntake
import MQTT
package import Primitives

extension Catalogue {
  /// What the smart city says, in Simplified Chinese.
  package static let smartCity = edge.merging(cityPages).merging(cityAnswers).merging(cityCommands).merging(cityFigures)
    .merging(cityAttesting).merging(cityGateways).merging(cityErasing)
    .merging(cityStream).merging(edgeIntake).merging(mqtt)
}
