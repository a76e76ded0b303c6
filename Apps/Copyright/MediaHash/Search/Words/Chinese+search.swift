package import Primitives

extension Catalogue {
  /// What the search for picture codes says, in Simplified Chinese.
  package static let mediaSearch = Catalogue([
    "The file of picture codes {1} cannot be used: {2}.": "图像编码文件 {1} 无法使用：{2}。",
    "The file of picture codes {1} is in use by another process.": "图像编码文件 {1} 正被另一个进程使用。",
    "There is room for {1} picture codes, and all of it is taken.": "最多可存放 {1} 个图像编码，现已全部用完。",
  ])
}
