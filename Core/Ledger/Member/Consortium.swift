public import COSE
internal import FoundationEssentials
public import Primitives

/// A consortium on one machine: a folder with a folder for each member, of which the first sequences.
///
///     <data>/consortium.json   the members' names in order, and whether all of them only follow
///     <data>/policy.txt        the trust policy that a verifier needs
///     <data>/org-1/ …          members' folders
public struct Consortium: Sendable {
  /// The data folder.
  public let path: String
  /// The members' names.
  public let names: [String]
  /// Whether no member here sequences: the folder was made by `join`, and the ledger is sequenced elsewhere.
  public let isFollowing: Bool

  /// The member that sequences, if it is one of these: the first.
  public var sequencer: String? { isFollowing ? nil : names.first }

  private struct Manifest: Codable {
    var members: [String]
    var isFollowing: Bool?
  }

  /// The folder of a member.
  public func folder(_ name: String) -> MemberFolder { MemberFolder(path: path + "/" + name) }

  /// Reads a data folder's manifest.
  public init(path: String) throws(LedgerError) {
    guard let data = FileManager.default.contents(atPath: path + "/consortium.json"),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: data), !manifest.members.isEmpty
    else {
      throw LedgerError(
        .unavailable,
        "There is no consortium in \(path): consortium.json is missing or cannot be read. "
          + "Run init --data \(path) first.")
    }
    self.path = path
    names = manifest.members
    isFollowing = manifest.isFollowing ?? false
  }

  /// What a new consortium is made of.
  public struct Plan: Sendable {
    /// The members' names, titles and roles; the first sequences.
    public var members: [(name: String, title: String, role: Member.Role)]
    /// K; nil for ⌊2N/3⌋ + 1.
    public var quorum: Int?
    /// Who may read without being a member.
    public var access: Configuration.Access
    /// The signature algorithms that statements may use; the founders' statement keys are of the first, unless they
    /// follow from a seed.
    public var algorithms: [Algorithm]
    /// A seed from which keys, origin and time follow; nil for fresh ones.
    public var seed: UInt64?
    /// The version of the contract to start with; nil for the newest.
    public var contractVersion: UInt64?
    /// When the ledger is founded, milliseconds since 1970.
    public var time: UInt64

    /// A plan for members called `org-1` to `org-N`.
    public init(
      members: [(name: String, title: String, role: Member.Role)], quorum: Int? = nil,
      access: Configuration.Access = .public, algorithms: [Algorithm] = [.es256, .edDSA], seed: UInt64? = nil,
      contractVersion: UInt64? = nil, time: UInt64
    ) {
      self.members = members
      self.quorum = quorum
      self.access = access
      self.algorithms = algorithms
      self.seed = seed
      self.contractVersion = contractVersion
      self.time = time
    }
  }

  /// Founds a consortium: keys, genesis and a ledger for each member, the policy file and the manifest.
  ///
  /// Refuses a folder that has one already; a failure half-way leaves no manifest, so the folder stays unusable and can
  /// be removed.
  @discardableResult
  public static func found(at path: String, suite: ContractSuite, plan: Plan) throws(LedgerError) -> Consortium {
    if FileManager.default.fileExists(atPath: path + "/consortium.json") {
      throw LedgerError(
        .unavailable, "There is a consortium in \(path) already. Choose another folder, or remove it first.")
    }
    let keys = plan.members.map { member in
      plan.seed.map { MemberKeys.derive(name: member.name, seed: $0) }
        ?? .generate(name: member.name, algorithm: plan.algorithms.first ?? .es256)
    }
    let configuration = try Configuration(
      epoch: 0, quorum: plan.quorum, contractVersion: plan.contractVersion ?? suite.versions.upperBound,
      algorithms: plan.algorithms, access: plan.access,
      members: zip(plan.members, keys).map { $1.member(title: $0.title, role: $0.role) })
    let mark = configuration.digest.hex.prefix(8)
    let genesis = try Genesis(
      origin: "\(suite.id).tallystick.example/\(mark)", time: plan.time, contract: suite.id,
      configuration: configuration)
    let names = plan.members.map(\.name)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch { throw LedgerError(.unavailable, "The folder \(path) cannot be made: \(FileTrouble.reason(error)).") }
    for keys in keys { try MemberFolder(path: path + "/" + keys.name).found(genesis: genesis, keys: keys) }
    do {
      try Data(try configuration.policy(origin: genesis.origin).encoded).write(to: URL(filePath: path + "/policy.txt"))
    } catch { throw LedgerError(.unavailable, "The folder \(path) cannot be written: \(FileTrouble.reason(error)).") }
    try write(Manifest(members: names), at: path)
    return try Consortium(path: path)
  }

  private static func write(_ manifest: Manifest, at path: String) throws(LedgerError) {
    do {
      try JSONEncoder().encode(manifest).write(to: URL(filePath: path + "/consortium.json"), options: .atomic)
    } catch { throw LedgerError(.unavailable, "The folder \(path) cannot be written: \(error).") }
  }

  /// Makes a folder with fresh keys for an organisation that wants to become a member.
  ///
  /// In a folder of its own the member follows from elsewhere, and its ledger begins when `MemberFolder.adopt` gets the
  /// genesis; beside founding members it has theirs at once. Returns the card that `member add` takes.
  public static func join(
    at path: String, name: String, title: String, role: Member.Role, algorithm: Algorithm = .es256
  ) throws(LedgerError) -> (consortium: Consortium, card: MemberCard) {
    let keys = MemberKeys.generate(name: name, algorithm: algorithm)
    let card = try MemberCard(keys: keys, title: title, role: role)
    let isThere = FileManager.default.fileExists(atPath: path + "/consortium.json")
    let known = isThere ? try Consortium(path: path) : nil
    guard known?.names.contains(name) != true else {
      throw LedgerError(.unavailable, "There is a member '\(name)' in \(path) already. Choose another name or folder.")
    }
    let folder = MemberFolder(path: path + "/" + name)
    if let known, !known.isFollowing {
      try folder.found(genesis: try known.folder(known.names[0]).genesis(), keys: keys)
    } else {
      try keys.save(in: folder.path)
    }
    try write(Manifest(members: (known?.names ?? []) + [name], isFollowing: known?.isFollowing ?? true), at: path)
    return (try Consortium(path: path), card)
  }

  /// Opens the first member's node, with its lock held, and every other member's that no process holds.
  ///
  /// The first sequences, unless the ledger is sequenced elsewhere.
  public func open(suite: ContractSuite, clock: any WallClock) async throws(LedgerError) -> OpenConsortium {
    var locks: [FolderLock] = []
    var nodes: [Node] = []
    for (place, name) in names.enumerated() {
      let folder = folder(name)
      do {
        let lock = try FolderLock(folder, note: "a command of process \(ProcessInfo.processInfo.processIdentifier)")
        nodes.append(try await folder.open(suite: suite, clock: clock))
        locks.append(lock)
      } catch {
        if place > 0 && error.kind == .busy { continue }
        for node in nodes { await node.close() }
        throw error
      }
    }
    if !isFollowing { await nodes[0].sequence(with: EmbeddedSequencer(clock: clock)) }
    return OpenConsortium(nodes: nodes, locks: locks)
  }
}

/// The members' nodes of a consortium on this machine, in one process.
public struct OpenConsortium: Sendable {
  /// The nodes; the first sequences.
  public let nodes: [Node]
  private let locks: [FolderLock]

  /// The node that sequences.
  public var sequencer: Node { nodes[0] }

  init(nodes: [Node], locks: [FolderLock]) {
    self.nodes = nodes
    self.locks = locks
  }

  /// The node of a member, or an error that names those there are.
  public func node(_ name: String) throws(LedgerError) -> Node {
    guard let node = nodes.first(where: { $0.member == name }) else {
      throw LedgerError(
        .notFound, "There is no member '\(name)' here; there are \(nodes.map(\.member).joined(separator: ", ")).")
    }
    return node
  }

  /// Lets every member execute and co-sign for itself until the newest seal is final.
  ///
  /// Throws when a member's reckoning differs, or too few members are here for a quorum.
  public func settle() async throws(LedgerError) {
    try await sequencer.propose()
    for _ in 0..<3 {
      for node in nodes.dropFirst() { _ = try await Follower(node: node, source: NodeSource(sequencer)).step() }
      if let final = sequencer.final, final.view.size == sequencer.head.size {
        for node in nodes.dropFirst() { _ = try await Follower(node: node, source: NodeSource(sequencer)).step() }
        return
      }
      try await sequencer.propose()
    }
    let size = sequencer.head.size
    guard size == 1 || sequencer.final?.view.size == size else {
      throw LedgerError(
        .unavailable,
        "The log of \(size) entries is stored, but too few members are here to co-sign it. Let the others follow.")
    }
  }

  /// Closes every node and lets the folders go.
  public func close() async {
    for node in nodes { await node.close() }
    for lock in locks { lock.release() }
  }
}

extension Consortium {
  /// Opens the members' nodes for the time of `work`, and closes them whatever happens.
  public func with<Result>(
    _ suite: ContractSuite, _ clock: any WallClock, _ work: (OpenConsortium) async throws -> Result
  ) async throws -> Result {
    let open = try await open(suite: suite, clock: clock)
    do {
      let result = try await work(open)
      await open.close()
      return result
    } catch {
      await open.close()
      throw error
    }
  }
}

extension Outcome {
  /// Where the statement stands in the log; throws why it had no effect.
  public func place() throws(LedgerError) -> UInt64 {
    switch self {
    case .accepted(let index), .duplicate(let index): return index
    case .refused(let index, let refusal):
      throw LedgerError(.refused, "Entry \(index) was refused (\(refusal.code)): \(refusal.message)")
    case .rejected(let error): throw error
    }
  }
}
