public import ArgumentParser
internal import Foundation
public import Ledger
public import Primitives
internal import Synchronization

/// Words for people on standard error, answers on standard output, and the exit codes.
public enum Console {
  /// Writes a line to standard error, in the language of this task.
  public static func say(_ line: Message) {
    write(line.text(in: .current) + "\n", to: STDERR_FILENO)
  }

  /// Writes a line to standard output, in the language of this task.
  public static func answer(_ line: Message) {
    write(line.text(in: .current) + "\n", to: STDOUT_FILENO)
  }

  /// Writes one JSON document to standard output, keys sorted.
  public static func answer(json value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    write(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n", to: STDOUT_FILENO)
  }

  /// Writes all of a text. A reader that has gone away (`| head`) is no error; any other failure ends the program.
  static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let count = bytes[start...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if count > 0 {
        start += count
      } else if errno == EPIPE || descriptor == STDERR_FILENO {
        return
      } else if errno != EINTR && errno != EAGAIN {
        let reason = Message(String(cString: strerror(errno)))
        say("error: \("The output cannot be written: \(reason)." as Message)")
        Foundation.exit(2)
      }
    }
  }

  /// Whether a person watches standard error.
  public static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Runs a command's work; an error becomes one sentence on standard error and the exit code that fits it.
  ///
  /// 1: it does not hold (refused, not verified, damaged). 2: the input or the surroundings are wrong.
  public static func run(_ work: () async throws -> Void) async throws {
    do { try await work() } catch let error as LedgerError {
      say("error: \(error.message)")
      throw exitCode(error.kind)
    } catch let code as ExitCode {
      throw code
    } catch let error as CleanExit {
      throw error
    } catch let error as ValidationError {
      throw error
    } catch {
      say("error: \(error)")
      throw ExitCode(2)
    }
  }

  /// The exit code for a kind of error.
  public static func exitCode(_ kind: LedgerError.Kind) -> ExitCode {
    switch kind {
    case .refused, .notProved, .damaged, .diverged, .notAuthentic: ExitCode(1)
    case .malformed, .limit, .unavailable, .busy, .notFound: ExitCode(2)
    }
  }

  /// The bytes of a file, or of standard input for `-`, at most `limit`.
  public static func read(_ path: String, limit: Int) throws(LedgerError) -> [UInt8] {
    guard let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path) else {
      throw LedgerError(.unavailable, "The file \(path) is not there or cannot be read.")
    }
    do {
      var bytes: [UInt8] = []
      while let data = try handle.read(upToCount: 1 << 20), !data.isEmpty {
        bytes.append(contentsOf: data)
        guard bytes.count <= limit else {
          throw LedgerError(.limit, "\(path) has more than \(limit) bytes, which is the limit.")
        }
      }
      return bytes
    } catch let error as LedgerError { throw error } catch {
      throw LedgerError(.unavailable, "The file \(path) cannot be read: \(error.localizedDescription).")
    }
  }

  /// Writes a file whole, replacing one that is there.
  public static func write(_ bytes: [UInt8], to path: String) throws(LedgerError) {
    do { try Data(bytes).write(to: URL(filePath: path), options: .atomic) } catch {
      throw LedgerError(.unavailable, "The file \(path) cannot be written: \(error.localizedDescription).")
    }
  }
}

/// A line of progress on a terminal, rewritten in place; nothing where no person watches.
public final class Progress: Sendable {
  private let what: Message
  private let last = Mutex<Int>(-1)

  /// Progress of what the words say.
  public init(_ what: Message) { self.what = what }

  /// Shows that `done` of `total` are done.
  public func show(_ done: UInt64, of total: UInt64) {
    guard Console.isTerminal, total > 0 else { return }
    let percent = Int(done * 100 / total)
    let isNew = last.withLock { last in
      defer { last = percent }
      return last != percent
    }
    if isNew { Console.write("\r\(what.text(in: .current)): \(percent) %", to: STDERR_FILENO) }
    if done == total { Console.write("\r\u{1b}[K", to: STDERR_FILENO) }
  }
}
