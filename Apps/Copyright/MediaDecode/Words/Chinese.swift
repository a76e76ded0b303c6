package import Primitives

extension Catalogue {
  /// What the decoding of pictures says, in Simplified Chinese.
  package static let mediaDecode = Catalogue([
    "The file is empty.": "文件为空。",
    "The file has {1} bytes; at most {2} are read.": "文件有 {1} 字节；最多读取 {2} 字节。",
    "The file is no picture, video, sound or text of a format that is read, by its first bytes.":
      "从文件开头的字节看，它不是可读取格式的图像、视频、声音或文本。",
    "The {1} file is a moving picture; only still ones are read.": "该 {1} 文件是动态图像；仅支持静态图像。",
    "The {1} file is of a form that is not read.": "该 {1} 文件采用了不支持的形式。",
    "The picture is {1} by {2} pixels; a side may have at most {3}.": "图像为 {1} × {2} 像素；每边最多 {3} 像素。",
    "The picture is {1} by {2} pixels; it may have at most {3} in all.": "图像为 {1} × {2} 像素；总数最多 {3} 像素。",
    "The file has {1} bytes for {2} by {3} pixels: too few for a picture.": "文件只有 {1} 字节，却声称有 {2}×{3} 像素：不可能是图片。",
    "The JPEG file has {1} scans; at most {2} are read.": "该 JPEG 文件有 {1} 次扫描；最多读取 {2} 次。",
    "The {1} file is damaged or incomplete.": "该 {1} 文件已损坏或不完整。",
    "There is too little in the {1} file to tell it from others.": "该 {1} 文件内容过少，无法与其他文件区分。",
    "The {1} file holds more than is read.": "该 {1} 文件的内容超出读取上限。",
    "Decoding the file takes more memory than it may have.": "解码该文件所需的内存超出限制。",
    "Decoding the file takes longer than it may.": "解码该文件所需的时间超出限制。",
    "The decoder did not survive this file (signal {1}).": "解码进程在处理该文件时异常终止（信号 {1}）。",
    "No decoder could be started: {1}.": "无法启动解码进程：{1}。",
    "Too many files wait for a decoder; try again later.": "等待解码的文件过多，请稍后重试。",
  ])
}
