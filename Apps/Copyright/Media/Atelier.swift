import Primitives

/// Works and altered copies of them, made by procedure from a seed: whole numbers only, the same on every machine.
struct Atelier {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(max(1, limit))) }

  /// A picture of coloured boxes and discs before a sky.
  mutating func photo(width: Int = 192, height: Int = 128) -> Picture { frames(1, width: width, height: height)[0] }

  /// Pictures of boxes and discs that move.
  mutating func frames(_ count: Int, width: Int = 96, height: Int = 64) -> [Picture] {
    let shapes = (0..<28).map { _ in
      (
        x: below(width), y: below(height), size: 4 + below(width / 5), isDisc: below(2) == 0,
        colour: [UInt8(below(256)), UInt8(below(256)), UInt8(below(256))], dx: below(5) - 2, dy: below(5) - 2
      )
    }
    let sky = (below(256), below(256))
    return (0..<count).map { frame in
      var picture = Picture(width: width, height: height, rgb: [UInt8](repeating: 0, count: width * height * 3))
      for y in 0..<height {
        for x in 0..<width {
          var colour = [UInt8(x * 255 / width), UInt8((sky.0 + y * 128 / height) & 255), UInt8(sky.1)]
          for shape in shapes {
            let (dx, dy) = (x - shape.x - shape.dx * frame, y - shape.y - shape.dy * frame)
            let isInside =
              shape.isDisc
              ? dx * dx + dy * dy < shape.size * shape.size : abs(dx) < shape.size && abs(dy) < shape.size / 2
            if isInside { colour = shape.colour }
          }
          for channel in 0..<3 { picture.rgb[(y * width + x) * 3 + channel] = colour[channel] }
        }
      }
      return picture
    }
  }

  /// A text of made-up sentences.
  mutating func text(sentences: Int = 40) -> String {
    let words =
      "river morning lantern harbour winter garden letter bridge silver market window journey shadow orchard stone"
      .split(separator: " ")
    return (0..<sentences).map { _ in
      let count = 6 + below(8)
      return (0..<count).map { _ in String(words[below(words.count)]) }.joined(separator: " ") + "."
    }.joined(separator: " ")
  }

  /// Three seconds of a melody of square waves that swell and fade, 8,000 samples a second, as WAV.
  mutating func sound() -> [UInt8] {
    var samples: [Int16] = []
    var volume = 4000
    for _ in 0..<96 {
      let period = 8 + below(60)
      volume = 500 + below(14_000)
      for index in 0..<250 { samples.append(Int16(index / (period / 2) % 2 == 0 ? volume : -volume)) }
    }
    return Atelier.wav(samples)
  }

  private static func wav(_ samples: [Int16]) -> [UInt8] {
    func little(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> ($0 * 8) & 255) } }
    var file = Array("RIFF".utf8) + little(36 + samples.count * 2, 4) + Array("WAVEfmt ".utf8)
    file += little(16, 4) + little(1, 2) + little(1, 2) + little(8000, 4) + little(16_000, 4) + little(2, 2)
    file += little(16, 2) + Array("data".utf8) + little(samples.count * 2, 4)
    for sample in samples { file += little(Int(UInt16(bitPattern: sample)), 2) }
    return file
  }

  // MARK: Altered copies

  /// How a copy was altered, for the story that the demo tells.
  enum Change: String, CaseIterable {
    case brighter, noisy, mirrored, cropped
  }

  /// A copy of a picture, altered.
  mutating func altered(_ picture: Picture, _ change: Change) -> Picture {
    switch change {
    case .mirrored: return picture.mirrored
    case .cropped: return picture.cropped(perMille: 25)
    case .brighter, .noisy:
      var copy = picture
      for place in copy.rgb.indices {
        let more = change == .brighter ? 18 : below(25) - 12
        copy.rgb[place] = UInt8(max(0, min(255, Int(copy.rgb[place]) + more)))
      }
      return copy
    }
  }

  /// A copy of a sound at another volume.
  func altered(sound file: [UInt8]) -> [UInt8] {
    var file = file
    for place in stride(from: 44, to: file.count - 1, by: 2) {
      let sample = Int16(bitPattern: UInt16(file[place]) | UInt16(file[place + 1]) << 8) / 2
      file[place] = UInt8(truncatingIfNeeded: sample)
      file[place + 1] = UInt8(truncatingIfNeeded: sample >> 8)
    }
    return file
  }

  /// A copy of a text with one word changed.
  func altered(text: String) -> String { text.replacing("lantern", with: "lamp", maxReplacements: 1).uppercased() }
}
