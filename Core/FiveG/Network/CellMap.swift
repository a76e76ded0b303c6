/// A point on the map in centimetres east and north of its south-west corner.
public struct Point: Sendable, Equatable {
  /// Centimetres east.
  public var x: Int64
  /// Centimetres north.
  public var y: Int64

  /// A point of two coordinates.
  @inlinable public init(x: Int64, y: Int64) {
    self.x = x
    self.y = y
  }
}

/// A rectangle on the map, in centimetres.
public struct Area: Sendable, Equatable {
  /// The south-west corner.
  public var origin: Point
  /// Centimetres from west to east, at least 1.
  public var width: Int64
  /// Centimetres from south to north, at least 1.
  public var height: Int64

  /// A rectangle by its corner and extent; an extent below 1 cm becomes 1 cm.
  public init(origin: Point, width: Int64, height: Int64) {
    self.origin = origin
    self.width = max(1, width)
    self.height = max(1, height)
  }

  /// The size in square kilometres.
  public var squareKilometres: Double { Double(width) * Double(height) / 1e10 }
}

/// Base stations on a triangular lattice over the map; a point belongs to the nearest one.
///
/// Cells of a triangular lattice are hexagons, the usual layout of ITU-R M.2412: inter-site distance 500 m in configuration
/// A of the urban macro test, 1732 m in B. Numbers run west to east, then south to north. Integer arithmetic only.
public struct CellMap: Sendable, Equatable {
  /// The whole map.
  public let area: Area
  /// Centimetres between neighbouring sites.
  public let siteDistance: Int64
  /// Cells per row.
  public let columns: Int
  /// Rows of cells.
  public let rows: Int
  /// Neighbouring cell numbers that share a gateway.
  public let cellsPerGateway: Int
  let rowHeight: Int64

  /// The largest number of cells: cell numbers are 16 bits wide.
  public static let maximumCells = 60_000

  /// Sites that cover `area`, the first at its south-west corner.
  ///
  /// - Parameters:
  ///   - siteDistance: in centimetres; raised as far as it takes to stay within ``maximumCells``, and to 1 m at least.
  ///   - cellsPerGateway: at least 1.
  public init(area: Area, siteDistance: Int64, cellsPerGateway: Int = 1) {
    self.area = Area(origin: Point(x: 0, y: 0), width: area.width, height: area.height)
    var distance = max(100, siteDistance)
    while Self.columns(area, distance) * Self.rows(area, distance) > Int64(Self.maximumCells) { distance *= 2 }
    self.siteDistance = distance
    rowHeight = Self.rowHeight(distance)
    columns = Int(Self.columns(area, distance))
    rows = Int(Self.rows(area, distance))
    self.cellsPerGateway = max(1, cellsPerGateway)
  }

  private static func rowHeight(_ distance: Int64) -> Int64 { max(1, distance * 866_025 / 1_000_000) }
  private static func columns(_ area: Area, _ distance: Int64) -> Int64 { area.width / distance + 2 }
  private static func rows(_ area: Area, _ distance: Int64) -> Int64 { area.height / rowHeight(distance) + 2 }

  /// The number of cells.
  public var count: Int { columns * rows }

  /// The number of gateways.
  public var gateways: Int { (count + cellsPerGateway - 1) / cellsPerGateway }

  /// The gateway that a cell's packets arrive at.
  @inlinable public func gateway(ofCell cell: Int) -> Int { cell / cellsPerGateway }

  /// The site of a cell.
  public func site(_ cell: Int) -> Point {
    let row = Int64(cell / columns)
    let column = Int64(cell % columns)
    return Point(x: column * siteDistance - (row & 1) * (siteDistance / 2), y: row * rowHeight)
  }

  /// The cell whose site is nearest to a point of the map; equal distances go to the lower number.
  ///
  /// Looks at the two rows around the point and the nearest site in each: no other can be nearer.
  public func cell(at point: Point) -> Int {
    let below = min(max(point.y / rowHeight, 0), Int64(rows) - 1)
    let above = min(below + 1, Int64(rows) - 1)
    let first = nearest(inRow: below, to: point)
    let second = nearest(inRow: above, to: point)
    return second.square < first.square ? second.cell : first.cell
  }

  @inline(__always)
  private func nearest(inRow row: Int64, to point: Point) -> (cell: Int, square: Int64) {
    let shift = (row & 1) * (siteDistance / 2)
    let column = min(max((point.x + shift + siteDistance / 2) / siteDistance, 0), Int64(columns) - 1)
    let dx = point.x - (column * siteDistance - shift)
    let dy = point.y - row * rowHeight
    return (Int(row) * columns + Int(column), dx * dx + dy * dy)
  }
}
