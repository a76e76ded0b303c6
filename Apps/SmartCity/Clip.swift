import Edge
import Foundation
import Ledger
import LedgerServer
import Primitives

/// A clip as a folder of frames, and what its camera signed of it as a file beside it.
struct Clip: Codable {
  /// One group of pictures.
  struct Group: Codable {
    let counter: UInt32
    /// SHA-256 in hex: the anchor of the group before, and this one's.
    let link: String
    let anchor: String
    let groupHash: String
    /// The frames' files in order, each with `SHA-256(anchor ‖ SHA-256(frame))`.
    let frames: [Frame]
  }

  struct Frame: Codable {
    let file: String
    let hash: String
  }

  let camera: String
  var groups: [Group]

  /// The files of a folder by name, each with its SHA-256.
  static func frames(in folder: String) throws -> [(file: String, digest: Digest)] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder), !names.isEmpty else {
      throw LedgerError(.notFound, "There are no frames in \(folder).")
    }
    return try names.filter { !$0.hasPrefix(".") }.sorted().map { name in
      (name, Digest.sha256(try Console.read(folder + "/" + name, limit: Limits.documentBytes)))
    }
  }

  /// The clip as a viewer has it: the frames of a folder in the groups that they belong to.
  ///
  /// A file that no group names belongs to the group that stands before it by name, and so spoils it.
  ///
  /// - Parameter recorded: what the ledger has of a group, by its number.
  func received(
    _ found: [(file: String, digest: Digest)], recorded: (UInt64) -> CameraLink?
  ) throws -> [ReceivedGroup] {
    let starts = groups.map { $0.frames.first?.file ?? "" }
    var files: [[Digest]] = Array(repeating: [], count: groups.count)
    for (file, digest) in found {
      files[max(0, (starts.lastIndex { $0 <= file } ?? 0))].append(digest)
    }
    return try zip(groups, files).map { group, frames in
      guard let link = Digest(hex: group.link), let anchor = Digest(hex: group.anchor),
        let groupHash = Digest(hex: group.groupHash)
      else { throw LedgerError(.malformed, "The clip's file has a hash that is none.") }
      let hashes = try group.frames.map { frame in
        guard let hash = Digest(hex: frame.hash) else {
          throw LedgerError(.malformed, "The clip's file has a hash that is none.")
        }
        return hash
      }
      var signed = CameraGroup(counter: group.counter, link: link, frames: [anchor])
      signed?.hashes = hashes
      signed?.groupHash = groupHash
      let record = recorded(UInt64(group.counter))
      return ReceivedGroup(
        frames: frames, group: signed,
        isVouchedFor: record.map { $0.groupHash == groupHash && $0.anchor == anchor && $0.link == link } ?? false)
    }
  }
}
