import Foundation
import Ledger
import LedgerTestKit
import Testing

/// Wrong surroundings, met through the program: one clear sentence, exit code 2, nothing lost, and all is well once they
/// are right again.
@Suite("Surroundings", .serialized)
struct SurroundingsTests {
  private func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Result {
    try Program.run("traceability", arguments, environment: environment)
  }

  private func sample(_ name: String) -> String { Program.root.path + "/Samples/orchard/" + name }

  /// One sentence or two for a person: a line that begins with `error: `, no type names, no stack of causes.
  private func expectSentence(
    _ result: Program.Result, _ words: [String], code: Int32 = 2, _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(result.code == code, "\(result)", sourceLocation: location)
    let lines = result.error.split(separator: "\n").filter { $0.hasPrefix("error: ") }
    #expect(lines.count == 1, "\(result.error)", sourceLocation: location)
    let line = lines.first.map(String.init) ?? ""
    for word in words { #expect(line.contains(word), "\(line)", sourceLocation: location) }
    for strange in ["NSCocoa", "Error Domain", "LedgerError", "SQLite error", "DatabaseError", "Optional(", "PRAGMA"] {
      #expect(!line.contains(strange), "\(line)", sourceLocation: location)
    }
    #expect(line.hasSuffix("."), "\(line)", sourceLocation: location)
    print("  \(line)")
  }

  private func founded(_ data: String) throws {
    #expect(try run("init", "--data", data, "--members", "2").code == 0)
    let captured = try run("capture", sample("01-org-1-season-opens.jsonld"), "--data", data, "--as", "org-1")
    #expect(captured.code == 0, "\(captured)")
  }

  private func goesOn(_ data: String, from before: String, _ location: SourceLocation = #_sourceLocation) throws {
    #expect(try run("events", "--data", data, "--json").output == before, sourceLocation: location)
    let captured = try run("capture", sample("04-org-1-harvest.jsonld"), "--data", data, "--as", "org-1")
    #expect(captured.code == 0, "\(captured)", sourceLocation: location)
    let audit = try run("audit", "--data", data)
    #expect(audit.code == 0, "\(audit)", sourceLocation: location)
  }

  private func command(_ arguments: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  @Test("a full disk")
  func fullDisk() throws {
    let folder = Program.temporary()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    guard geteuid() == 0, command("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder) else {
      print("skipped: a full disk, because a small file system cannot be mounted here")
      return
    }
    defer { _ = command("umount", "-l", folder) }
    let data = folder + "/data"
    try founded(data)
    let before = try run("events", "--data", data, "--json").output
    // No room at all; some, but not for the file that members share; room for that, but not for a block.
    for left in [0, 8_192, 40_000, 80_000] {
      try fill(folder + "/filler", leaving: left)
      expectSentence(
        try run("capture", sample("04-org-1-harvest.jsonld"), "--data", data, "--as", "org-1"), ["disk is full", data])
      let other = folder + "/other-\(left)"
      expectSentence(try run("init", "--data", other, "--members", "1"), [other])
      try FileManager.default.removeItem(atPath: folder + "/filler")
      try? FileManager.default.removeItem(atPath: other)
    }
    try goesOn(data, from: before)
  }

  /// Fills a file system to the last byte, or nearly.
  private func fill(_ path: String, leaving: Int) throws {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    let block = Data(repeating: 1, count: 4096)
    var size: UInt64 = 0
    while (try? handle.write(contentsOf: block)) != nil { size += 4096 }
    try handle.truncate(atOffset: size - min(size, UInt64(leaving)))
    try handle.close()
  }

  @Test("a read-only folder")
  func readOnlyFolder() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    try founded(data)
    let before = try run("events", "--data", data, "--json").output
    guard geteuid() == 0, command("mount", "--bind", data, data),
      command("mount", "-o", "remount,bind,ro", data)
    else {
      _ = command("umount", "-l", data)
      print("skipped: a read-only folder, because it cannot be mounted so here")
      return
    }
    do {
      defer { _ = command("umount", "-l", data) }
      let captured = try run("capture", sample("04-org-1-harvest.jsonld"), "--data", data, "--as", "org-1")
      expectSentence(captured, [data, "cannot be written"])
      expectSentence(try run("audit", "--data", data), [data, "cannot be written"])
      expectSentence(try run("init", "--data", data + "/inner"), [data])
      expectSentence(try run("policy", "--data", data), [data])
    }
    try goesOn(data, from: before)
  }

  @Test("two processes on one folder")
  func twoProcesses() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    try founded(data)
    let before = try run("events", "--data", data, "--json").output
    let lock = try FolderLock(
      MemberFolder(path: data + "/org-1"), note: "the server of org-1 at http://127.0.0.1:8101")
    let captured = try run("capture", sample("04-org-1-harvest.jsonld"), "--data", data, "--as", "org-1")
    expectSentence(captured, ["Another process", "http://127.0.0.1:8101"])
    expectSentence(try run("audit", "--data", data), ["Another process"])
    lock.release()
    try goesOn(data, from: before)
  }

  @Test("a folder from another app, and one that is none")
  func otherFolders() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    try founded(data)
    let before = try run("events", "--data", data, "--json").output
    for arguments in [
      ["audit", "--data", data], ["settlement", "2026-10", "a", "b", "--data", data, "--proof", data + "/proof"],
    ] {
      expectSentence(try Program.run("RoamingSettlement", arguments), ["traceability"])
    }
    expectSentence(try run("init", "--data", data), ["already"])
    expectSentence(try run("audit", "--data", data + "/org-1"), ["init"])
    expectSentence(
      try run("capture", sample("04-org-1-harvest.jsonld"), "--data", "/nowhere", "--as", "org-1"), ["/nowhere"])
    try goesOn(data, from: before)
  }

  @Test("a clock that went back, and one that had jumped ahead")
  func clocks() throws {
    let folder = Program.temporary()
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let shim = folder + "/clock.so"
    try Data(Self.clockSource.utf8).write(to: URL(filePath: folder + "/clock.c"))
    guard command("clang", "-shared", "-fPIC", "-o", shim, folder + "/clock.c", "-ldl") else {
      print("skipped: a clock that went back, because clang is not here to build a clock")
      return
    }
    func at(_ seconds: Int) -> [String: String] {
      ["LD_PRELOAD": shim, "TALLYSTICK_CLOCK_OFFSET": "\(seconds)"]
    }
    let data = folder + "/data"
    #expect(try run("init", "--data", data, "--members", "2").code == 0)
    func capture(_ name: String, _ offset: Int) throws -> Program.Result {
      try run("capture", sample(name), "--data", data, "--as", "org-1", environment: at(offset))
    }
    // An hour ahead, then the hour back again: statements are taken, the ledger's time does not turn.
    #expect(try capture("01-org-1-season-opens.jsonld", 3600).code == 0)
    #expect(try capture("02-org-1-spring-sensors.jsonld", 0).code == 0)
    #expect(try run("audit", "--data", data).code == 0)
    // Three days ahead, then back: the window says why, and nothing that was acknowledged is lost.
    #expect(try capture("03-org-1-care.jsonld", 3 * 86_400).code == 0)
    let before = try run("events", "--data", data, "--json").output
    let late = try capture("04-org-1-harvest.jsonld", 0)
    print("  \(late.error)\(late.output)")
    #expect(late.code != 0)
    #expect((late.error + late.output).contains("Check the clock"), "\(late)")
    #expect(try run("events", "--data", data, "--json").output == before)
    #expect(try run("audit", "--data", data).code == 0)
    // Once the time has come again all is well.
    #expect(try capture("04-org-1-harvest.jsonld", 3 * 86_400 + 60).code == 0)
    #expect(try run("audit", "--data", data).code == 0)
  }

  /// A clock that is off by so many seconds.
  private static let clockSource = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <stdlib.h>
    #include <sys/time.h>
    #include <time.h>
    static long long offset(void) {
      const char *text = getenv("TALLYSTICK_CLOCK_OFFSET");
      return text ? atoll(text) : 0;
    }
    int clock_gettime(clockid_t id, struct timespec *now) {
      static int (*real)(clockid_t, struct timespec *);
      if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
      int code = real(id, now);
      if (id == CLOCK_REALTIME) now->tv_sec += offset();
      return code;
    }
    int gettimeofday(struct timeval *now, void *zone) {
      static int (*real)(struct timeval *, void *);
      if (!real) real = (int (*)(struct timeval *, void *))dlsym(RTLD_NEXT, "gettimeofday");
      int code = real(now, zone);
      now->tv_sec += offset();
      return code;
    }
    """
}
