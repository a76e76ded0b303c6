import Foundation
import LedgerTestKit
import Testing

/// The program in Chinese, as a user runs it.
@Suite("The program in Chinese")
struct ChineseCommandTests {
  private func run(_ arguments: String..., language: String = "zh_CN.UTF-8") throws -> Program.Result {
    try Program.run("traceability", arguments, language: language)
  }

  @Test("answers, errors, help and usage are Chinese; exit codes and JSON are the same")
  func tour() throws {
    let data = Program.temporary()
    defer { try? FileManager.default.removeItem(atPath: data) }
    let sample = Program.root.path + "/Samples/orchard/"
    #expect(try run("init", "--data", data, "--members", "3").output.hasPrefix("已创建 traceability."))
    let again = try run("init", "--data", data)
    #expect(again.code == 2 && again.error == "错误：\(data) 中已有联盟。请换一个文件夹，或先将其删除。\n")
    let wrong = try run("capture", sample + "wrong/03-unknown-action.jsonld", "--data", data, "--as", "org-1")
    #expect(wrong.code == 2)
    #expect(
      wrong.error.hasSuffix("/epcisBody/eventList/0/action：action 应为 OBSERVE、ADD 或 DELETE，而不是 \"CREATE\"。\n"),
      "\(wrong.error)")
    let captured = try run("capture", sample + "01-org-1-season-opens.jsonld", "--data", data, "--as", "org-1")
    #expect(captured.output.contains("：4 个事件中已采集 4 个。") && captured.output.contains("  已接受 ni:///"))
    let lot = "urn:epc:class:lgtin:9521101.900001.PLOTA-2026"
    let traced = try run("trace", lot, "--data", data, "--proof", data + "/p")
    // The item's column begins where it does in English: two spaces, then a word in twelve columns.
    #expect(traced.output.contains("\n  查询         01/99521101000019"), "\(traced.output)")
    let verified = try run("verify", data + "/p", "--policy", data + "/policy.txt")
    #expect(verified.output.hasPrefix("验证通过\n- 日志 traceability.") && verified.output.contains("无一遗漏"))
    #expect(!verified.output.contains(/[a-z]{3,} [a-z]{3,} [a-z]{3,}/), "\(verified.output)")
    let english = try run("verify", data + "/p", "--policy", data + "/policy.txt", "--json", language: "C")
    let chinese = try run("verify", data + "/p", "--policy", data + "/policy.txt", "--json")
    #expect(english.output == chinese.output && english.output.contains("\"verified\":true"))
    #expect(try run("audit", "--data", data).output.hasPrefix("org-1：完好。"))
    let unknown = try run("trace", lot, "--data", data, "--direction", "up")
    #expect(unknown.code == 64 && unknown.error.hasPrefix("错误：--direction 应为 back、forward 或 both，而不是“up”。\n用法："))
  }

  @Test("help and usage errors of the argument parser are Chinese to the last line")
  func help() throws {
    let missing = try run("audit")
    #expect(missing.code == 64 && missing.error.hasPrefix("错误：缺少参数“--data <dir>”\n说明：--data <dir>  联盟的数据文件夹。\n用法："))
    let unknown = try run("trace", "x", "--data", "y", "--frobnicate")
    #expect(unknown.code == 64 && unknown.error.hasPrefix("错误：未知选项“--frobnicate”\n"), "\(unknown.error)")
    let verbs = [
      "init", "capture", "trace", "events", "demo", "serve", "follow", "policy", "verify", "audit", "receipt",
      "member", "token", "bench",
    ]
    for arguments in [[], ["help"]] + verbs.map({ [$0] }) {
      let result = try Program.run(
        "traceability", arguments + (arguments == ["help"] ? [] : ["--help"]), language: "zh")
      #expect(result.code == 0 && result.output.hasPrefix("概述："))
      #expect(!result.output.contains("默认：双向"))
      for line in result.output.split(separator: "\n") where !line.hasPrefix("用法：") && !line.contains("“traceability ")
      {
        #expect(!line.contains(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/), "\(arguments): \(line)")
      }
    }
  }

  @Test("a demo in Chinese is Chinese, and comes to the roots that it comes to in English", .timeLimit(.minutes(5)))
  func demo() throws {
    let chinese = try run("demo")
    let english = try run("demo", language: "C")
    #expect(chinese.code == 0 && english.code == 0, "\(chinese.error)\(english.error)")
    for line in chinese.output.split(separator: "\n") where !line.contains("traceability trace ") {
      #expect(!line.contains(/[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}/), "\(line)")
    }
    #expect(english.output.contains("An orchard season"))
    func root(_ text: String) -> String? { text.firstMatch(of: /[A-Za-z0-9+\/]{43}=/).map { String($0.output) } }
    #expect(root(chinese.output) != nil && root(chinese.output) == root(english.output))
  }
}
