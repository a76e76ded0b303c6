import Primitives

extension Catalogue {
  /// What hashing, searching and their measurements say, in Simplified Chinese.
  static let copyrightMedia = Catalogue([
    "Measures picture hashes, search, registration, matching, and which altered copies are found.":
      "测量图片哈希、检索、登记与匹配，以及能找到哪些改动过的副本。",
    "Picture codes that are searched.": "参与检索的图片码数量。",
    "Pictures that are altered in every way; 0 leaves the table out.": "按每种方式改动的图片数量；0 表示不做此表。",
    "Works that are registered, end to end.": "端到端登记的作品数量。",
    "Where temporary files are made.": "临时文件所在目录。",
    "Writes pictures, codes and queries into this folder, for other programs to be measured on.":
      "把图片、码和查询写入该目录，供其他程序在同样数据上测量。",
    "--runs is 1 to 100, --codes 1,000 to 60,000,000, --pictures up to 1,000, --registrations up to 100,000.":
      "--runs 取 1 至 100，--codes 取 1,000 至 60,000,000，--pictures 至多 1,000，--registrations 至多 100,000。",
    "hashing pictures": "计算图片哈希",
    "searching {1} codes": "检索 {1} 个码",
    "registering {1} works": "登记 {1} 件作品",
    "altering {1} pictures in every way": "以每种方式改动 {1} 张图片",
    "  below the target of {1}": "  低于目标 {1}",
    "{1}: plain {2} %, with variants {3} %{4}": "{1}：单码 {2} %，含变体 {3} %{4}",
    "Writes a work's soft binding for C2PA: the assertion c2pa.soft-binding with its ISCC, in CBOR.":
      "写出作品的 C2PA 软绑定：含 ISCC 的 c2pa.soft-binding 断言，CBOR 编码。",
    "No work '{1}' is registered here.": "此处没有登记作品 '{1}'。",
    "The assertion {1} with {2} ({3}) is in {4}.": "断言 {1}（{2}，{3}）已写入 {4}。",
    "  incident {1}: a copied passage, from character {2} of the upload and {3} of the work ({4})":
      "  事件 {1}：复制的段落，自上传文件第 {2} 字符、作品第 {3} 字符起（{4}）",
    "  incident {1}: recorded sound, distance {2} of 256 a second ({3})": "  事件 {1}：录音，每秒距离 {2}/256（{3}）",
    "  incident {1}: {2} distance {3}, registered variant {4}, probe {5} ({6})":
      "  事件 {1}：{2} 距离 {3}，登记变体 {4}，探测 {5}（{6}）",
    "it does not answer": "没有应答",
    "it ends before it has begun": "尚未开始就已结束",
    "the program is ending": "程序正在结束",
    "{1} of 100 passage fingerprints of the registered text are in it, the first from character {2} of it and {3} of the work ({4} fingerprints suffice).":
      "已登记文本每 100 个段落指纹中有 {1} 个出现在其中，首个自其第 {2} 字符、作品第 {3} 字符起（{4} 个指纹即足够）。",
    "{1} of 100 seconds of the registered recording are in it, the first from {2} s of it and {3} s of the work ({4} seconds suffice), at a distance of {5} of 256 bits (at most {6}).":
      "已登记录音每 100 秒中有 {1} 秒出现在其中，首段自其 {2} 秒、作品 {3} 秒起（{4} 秒即足够），距离 {5}/256 位（至多 {6}）。",
    "The search over registered works cannot be kept: {1}.": "无法保存已登记作品的检索库：{1}。",
    "passage fingerprint": "段落指纹",
    "Chromaprint block": "Chromaprint 块",
    "crop 2.5 %": "裁剪 2.5 %",
    "crop 5 %": "裁剪 5 %",
    "crop 7.5 %": "裁剪 7.5 %",
    "crop 10 %": "裁剪 10 %",
    "turned -4 degrees": "旋转 -4 度",
    "turned -2 degrees": "旋转 -2 度",
    "turned 2 degrees": "旋转 2 度",
    "turned 4 degrees": "旋转 4 度",
    "border trimmed": "去除边框",
    "turned 90 degrees": "旋转 90 度",
    "turned 180 degrees": "旋转 180 度",
    "turned 270 degrees": "旋转 270 度",
    "mirrored, turned 90 degrees": "镜像后旋转 90 度",
    "mirrored top to bottom": "上下镜像",
    "mirrored, turned 270 degrees": "镜像后旋转 270 度",
  ])
}
