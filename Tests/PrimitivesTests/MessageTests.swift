import Primitives
import Testing

/// Sentences in two languages.
@Suite("Messages")
struct MessageTests {
  private struct Cause: Error, Explained {
    var explanation: Message { "byte \(7) is wrong" }
  }

  private static let chinese = Catalogue([
    "No entry {1}.": "没有条目 {1}。",
    "{1} of {2} members": "{2} 个成员中的 {1} 个",
    "It failed: {1}.": "失败：{1}。",
    "byte {1} is wrong": "第 {1} 字节有误",
    "plain": "朴素",
    "first half, {1}, and second half, {2}.": "前半 {1}，后半 {2}。",
    "a claim about {1}": "关于 {1} 的断言",
    ", ": "、",
    "{1} needs {2}.": "{1} 需要 {2}。",
    "a lot": "批次",
    "The server of {1} at {2}": "{1} 的服务器，位于 {2}",
  ])

  @Test("a literal is its own template; values become places")
  func templates() {
    let plain: Message = "plain"
    let index = 12
    let entry: Message = "No entry \(index)."
    #expect(plain.english == "plain" && plain.template == "plain")
    #expect(entry.english == "No entry 12." && entry.template == "No entry {1}.")
    #expect("\(entry)" == "No entry 12." && entry.description == "No entry 12.")
    let five: Message = "\(3) of \(5) members"
    #expect(five.template == "{1} of {2} members")
    #expect(five.text(in: Self.chinese) == "5 个成员中的 3 个")
    #expect(entry.text(in: Self.chinese) == "没有条目 12。" && plain.text(in: Self.chinese) == "朴素")
    #expect(entry.text(in: .english) == entry.english)
  }

  @Test("what the catalogue lacks stays English, its values do not")
  func missing() {
    let unknown: Message = "Unknown (\("plain" as Message)) \(4)"
    #expect(unknown.text(in: Self.chinese) == "Unknown (朴素) 4")
  }

  @Test("errors and messages within a message are translated, also behind `any Error`")
  func nested() {
    let cause = Cause()
    let erased: any Error = cause
    for message in ["It failed: \(cause)." as Message, "It failed: \(erased)." as Message] {
      #expect(message.english == "It failed: byte 7 is wrong.")
      #expect(message.text(in: Self.chinese) == "失败：第 7 字节有误。")
    }
    #expect("\(cause)" == "byte 7 is wrong")
    let text = "No entry 5."
    #expect(("It failed: \(text)" as Message).text(in: Self.chinese) == "It failed: No entry 5.")
  }

  @Test("a sentence broken over lines is one sentence; a mark before one is none")
  func concatenation() {
    let broken: Message = "first half, \(1), " + "and second half, " + "\(2)."
    #expect(broken.english == "first half, 1, and second half, 2.")
    #expect(broken.template == "first half, {1}, and second half, {2}.")
    #expect(broken.text(in: Self.chinese) == "前半 1，后半 2。")
    let claim: Message = "a claim about \("x")"
    #expect(("- " + claim).text(in: Self.chinese) == "- 关于 x 的断言")
    let list = ["a", "b"].map { Message($0) }.joined(separator: ", ")
    #expect(list.english == "a, b" && list.text(in: Self.chinese) == "a、b")
    #expect([Message]().joined(separator: ", ").isEmpty)
  }

  @Test("one space between Chinese and Latin, none within Chinese, whatever the value is")
  func spacing() {
    #expect(("\("ObjectEvent") needs \("type")." as Message).text(in: Self.chinese) == "ObjectEvent 需要 type。")
    #expect(("\("a lot" as Message) needs \("a lot" as Message)." as Message).text(in: Self.chinese) == "批次需要批次。")
  }

  @Test("columns count wide characters twice")
  func columns() {
    #expect("abc".columns == 3 && "批次".columns == 4 && "，".columns == 2 && "é…".columns == 2)
    #expect(("[\("a lot" as Message, width: 8)]" as Message).text(in: Self.chinese) == "[批次    ]")
    #expect(("[\("a lot" as Message, width: 8)]" as Message).english == "[a lot   ]")
    #expect(("[\("toolong", width: 3)]" as Message).english == "[toolong]")
  }

  @Test("English is a message's identity, in sets and in JSON")
  func identity() {
    let (number, text) = (5, "5")
    #expect(("No entry \(number)." as Message) == "No entry \(text).")
    #expect(Set<Message>(["No entry \(number).", "No entry 5."]).count == 1)
    #expect(("No entry \(number)." as Message).contains("entry 5") && ("a." as Message).hasSuffix("."))
  }

  @Test("what another process said is recognised with its values")
  func said() {
    #expect(Message(said: "The server of org-1 at http://x:1").text(in: Self.chinese) == "org-1 的服务器，位于 http://x:1")
    #expect(Message(said: "It failed: byte 9 is wrong.").text(in: Self.chinese) == "失败：第 9 字节有误。")
    #expect(Message(said: "nothing known").text(in: Self.chinese) == "nothing known")
    #expect(Message(said: "No entry ").text(in: Self.chinese) == "No entry ")
    #expect(Message(said: "No entry 5.").english == "No entry 5.")
  }

  @Test("places without a word and braces stay as they are")
  func places() {
    let odd = Catalogue(["a {1}": "{0}{1}{2}{x}{", "b": "{1}"])
    #expect(("a \(1)" as Message).text(in: odd) == "{0}1{2}{x}{")
    #expect(("b" as Message).text(in: odd) == "{1}")
  }

  @Test(
    "the surroundings choose the language in POSIX's order",
    arguments: [
      ([:], false), (["LANG": "zh_CN.UTF-8"], true), (["LANG": "zh"], true), (["LANG": "zh-Hans"], true),
      (["LANG": "C"], false), (["LANG": "zha_CN"], false), (["LANG": "zh_CN", "LC_ALL": "C"], false),
      (["LANG": "en_GB", "LC_MESSAGES": "zh_CN.UTF-8"], true), (["LC_ALL": "", "LANG": "zh_CN"], true),
      (["LC_MESSAGES": "en", "LANG": "zh_CN"], false), (["LC_ALL": "zh_TW.Big5", "LC_MESSAGES": "en"], true),
      (["TALLYSTICK_LANG": "en", "LC_ALL": "zh_CN"], false), (["TALLYSTICK_LANG": "zh", "LANG": "C"], true),
    ] as [([String: String], Bool)])
  func environment(_ environment: [String: String], _ isChinese: Bool) {
    #expect((Language(environment: environment) == .chinese) == isChinese)
  }

  @Test(
    "Accept-Language chooses by weight",
    arguments: [
      (nil, false), ("", false), ("zh", true), ("zh-CN,zh;q=0.9,en;q=0.8", true), ("en, zh;q=0.5", false),
      ("en;q=0.3, zh-Hans;q=0.7", true), ("*", false), ("fr, zh;q=0.1", true), ("fr", false), ("zh;q=0", false),
      ("zh;q=nan", false), ("ZH-cn", true), ("*;q=0.1, zh;q=0.2", true), (";;,,;q=", false),
    ] as [(String?, Bool)])
  func accepting(_ field: String?, _ isChinese: Bool) {
    #expect((Language(accepting: field) == .chinese) == isChinese)
  }
}
