import Foundation
import Ledger
import LedgerServer
import Primitives

/// PostgreSQL 15 doing the same postings: eight clients, one transaction a command, everything synced.
///
/// A server of its own in a temporary folder, reached by a socket in that folder; Debian's postgresql-15 with the
/// settings it comes with, fsync and synchronous_commit on. pgbench sends prepared statements. Where the ledger checks
/// a signature and seals what it did, PostgreSQL does neither.
enum PostgresPeer {
  /// A command of a transfer: kept by its id, the lot's state changed under its condition, and for every second one the
  /// posting: two accounts and two entries.
  private static let script = #"""
    set -eu
    folder=$1; seconds=$2; bin=/usr/lib/postgresql/15/bin
    [ -x $bin/initdb ] || { echo "postgresql-15 is not installed" >&2; exit 69; }
    as=""
    if [ "$(id -u)" = 0 ]; then as="runuser -u postgres --"; chown postgres "$folder"; fi
    cd "$folder"
    $as $bin/initdb -D "$folder/data" -A trust -U bench >/dev/null
    $as $bin/pg_ctl -D "$folder/data" -s -w -l "$folder/log" -o "-k $folder -c listen_addresses=" start
    trap '$as $bin/pg_ctl -D "$folder/data" -s -m immediate stop' EXIT
    cat >"$folder/schema.sql" <<'SQL'
    CREATE TABLE accounts (id int PRIMARY KEY, debits bigint NOT NULL DEFAULT 0, credits bigint NOT NULL DEFAULT 0);
    CREATE TABLE lots (id int PRIMARY KEY, holder int NOT NULL, offered int, amount bigint NOT NULL);
    CREATE TABLE commands (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), lot int NOT NULL, step text NOT NULL, made timestamptz NOT NULL DEFAULT now());
    CREATE TABLE entries (id bigserial PRIMARY KEY, account int NOT NULL, amount bigint NOT NULL, command uuid NOT NULL);
    INSERT INTO accounts SELECT n FROM generate_series(0, 999) n;
    INSERT INTO lots SELECT n, n % 1000, NULL, 1000000 FROM generate_series(1, 20000) n;
    SQL
    cat >"$folder/command.sql" <<'SQL'
    \set lot random(1, 20000)
    \set to random(0, :accounts - 1)
    BEGIN;
    SELECT holder % :accounts AS holder, coalesce(offered, -1) AS offered FROM lots WHERE id = :lot FOR UPDATE \gset
    \if :offered < 0
    INSERT INTO commands (lot, step) VALUES (:lot, 'offer');
    UPDATE lots SET offered = :to WHERE id = :lot;
    \else
    \set low least(:holder, :offered)
    \set high greatest(:holder, :offered)
    INSERT INTO commands (lot, step) VALUES (:lot, 'accept') RETURNING id AS command \gset
    UPDATE lots SET holder = offered, offered = NULL WHERE id = :lot;
    UPDATE accounts SET credits = credits + 1000000 WHERE id = :low;
    UPDATE accounts SET debits = debits + 1000000 WHERE id = :high;
    INSERT INTO entries (account, amount, command) VALUES (:low, 1000000, :command), (:high, -1000000, :command);
    \endif
    COMMIT;
    SQL
    chmod -R a+rX "$folder"/*.sql
    $as $bin/psql -q -h "$folder" -U bench -v ON_ERROR_STOP=1 -f "$folder/schema.sql" postgres
    for accounts in 2 1000; do
      $as $bin/pgbench -h "$folder" -U bench -n -M prepared -c 8 -j 2 -T "$seconds" -D accounts=$accounts \
        -f "$folder/command.sql" postgres 2>"$folder/err" | sed -n 's/^tps = \([0-9.]*\).*/\1/p'
    done
    """#

  /// Transactions a second over the two accounts that the ledger's bench uses, and spread over a thousand.
  static func measure(in parent: String, seconds: Int) throws -> (two: Double, thousand: Double) {
    let folder = parent + "/tallystick-postgres-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script, "bash", folder, "\(seconds)"]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let rates = text.split(separator: "\n").compactMap { Double($0) }
    guard process.terminationStatus == 0, rates.count == 2 else {
      throw LedgerError(.unavailable, "PostgreSQL 15 could not be measured; it is Debian's package postgresql-15.")
    }
    return (rates[0], rates[1])
  }
}
