import Foundation
import Ledger
import LedgerServer
import Primitives

/// PostgreSQL doing the postings of the same commands: one transaction a command, eight clients, fsync on.
///
/// A cluster of its own in a temporary folder, reached by a socket there; default settings of the distribution, which
/// wait for the disk at each commit. Each transaction stores the command's bytes, changes two balances and appends two
/// postings in one round trip, by a function in the database. It checks no signature and keeps no tree, so it does less.
struct PostgresPeer {
  private static let clients = 8
  private static let seconds = 5
  private let folder: String
  private let programs: String

  init(in parent: String) throws {
    folder = parent + "/tallystick-postgres-\(UInt64.random(in: 0 ... .max))"
    let known = "/usr/lib/postgresql"
    let versions = ((try? FileManager.default.contentsOfDirectory(atPath: known)) ?? []).compactMap { Int($0) }.sorted()
    guard let version = versions.last, FileManager.default.fileExists(atPath: "\(known)/\(version)/bin/initdb") else {
      throw LedgerError(
        .unavailable,
        "PostgreSQL is not on this machine. On Debian: apt-get install postgresql-15, then run this again.")
    }
    programs = "\(known)/\(version)/bin"
  }

  /// Commands a second over some seconds.
  func rate(notes: Int) throws -> Double {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try shell("chmod 0711 \(folder) && mkdir \(folder)/d && (test $(id -u) != 0 || chown postgres \(folder)/d)")
    try shell(asServer("exec \(programs)/initdb -D \(folder)/d -A trust -U bench -E UTF8 --locale=C"))
    // In the foreground: a daemon would hold the pipe open by which Foundation learns of its starter's end.
    let server = try start(
      asServer("exec \(programs)/postgres -D \(folder)/d -k \(folder)/d -c listen_addresses='' >\(folder)/d/log 2>&1"))
    defer {
      server.interrupt()
      server.waitUntilExit()
    }
    try shell(
      "for i in $(seq 100); do \(programs)/pg_isready -q -h \(folder)/d && exit 0; sleep 0.1; done; cat d/log; exit 1")
    let schema = """
      CREATE TABLE account (id int PRIMARY KEY, debits bigint NOT NULL, credits bigint NOT NULL);
      CREATE TABLE command (id bigserial PRIMARY KEY, bytes bytea NOT NULL);
      CREATE TABLE posting (command bigint NOT NULL, account int NOT NULL, amount bigint NOT NULL);
      INSERT INTO account SELECT n, 0, 0 FROM generate_series(1, \(max(1000, notes))) n;
      CREATE FUNCTION post(a int, b int, entry bytea) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE number bigint;
      BEGIN
        INSERT INTO command (bytes) VALUES (entry) RETURNING id INTO number;
        INSERT INTO posting VALUES (number, a, 30000), (number, b, -30000);
        UPDATE account SET debits = debits + 30000 WHERE id = least(a, b);
        UPDATE account SET credits = credits + 30000 WHERE id = greatest(a, b);
      END $$;
      """
    let script = """
      \\set a random(1, \(max(1000, notes)))
      \\set b random(1, \(max(1000, notes)))
      SELECT post(:a, :b, '\\x\(String(repeating: "61", count: 400))');
      """
    try Data(schema.utf8).write(to: URL(filePath: folder + "/schema.sql"))
    try Data(script.utf8).write(to: URL(filePath: folder + "/command.sql"))
    try shell("\(programs)/psql -h \(folder)/d -U bench -q -v ON_ERROR_STOP=1 -f \(folder)/schema.sql postgres")
    let output = try shell(
      "\(programs)/pgbench -h \(folder)/d -U bench -n -M prepared -c \(Self.clients) -j 2 -T \(Self.seconds) "
        + "-f \(folder)/command.sql postgres")
    guard let line = output.split(separator: "\n").first(where: { $0.hasPrefix("tps = ") }),
      let rate = line.split(separator: " ").compactMap({ Double($0) }).first
    else { throw LedgerError(.unavailable, "pgbench gave no rate: \(Message(said: output))") }
    return rate
  }

  /// PostgreSQL refuses to run as root.
  private func asServer(_ command: String) -> String {
    let quoted = command.replacingOccurrences(of: "'", with: "'\\''")
    return
      "test $(id -u) != 0 || exec setpriv --reuid postgres --regid postgres --clear-groups sh -c '\(quoted)'; \(command)"
  }

  private func start(_ command: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "cd \(folder); \(command)"]
    try process.run()
    return process
  }

  @discardableResult
  private func shell(_ command: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "cd \(folder); \(command)"]
    let log = folder + "/out"
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    let file = try FileHandle(forWritingTo: URL(filePath: log))
    process.standardOutput = file
    process.standardError = file
    try process.run()
    process.waitUntilExit()
    let output = String(decoding: (try? Data(contentsOf: URL(filePath: log))) ?? Data(), as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw LedgerError(.unavailable, "PostgreSQL could not be measured: \(Message(said: String(output.suffix(400))))")
    }
    return output
  }
}
