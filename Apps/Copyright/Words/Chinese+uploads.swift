import Primitives

extension Catalogue {
  /// Streams of uploads, and what a search answers, in Simplified Chinese.
  static let copyrightUploads = Catalogue([
    "Simulated telephones upload files to a server over the eMBB slice, each when the network delivers it.":
      "模拟手机经 eMBB 切片向服务器上传文件，每个文件在网络送达时上传。",
    "The files, or folders of them; each upload is one of them, drawn by the seed.":
      "文件或其所在文件夹；每次上传其中之一，由种子抽取。",
    "The server, for example http://127.0.0.1:8103.": "服务器，例如 http://127.0.0.1:8103。",
    "The member's access token; better in TALLYSTICK_TOKEN.": "成员的访问令牌；最好放在 TALLYSTICK_TOKEN 中。",
    "Whose users they are: a member, for example platform; each telephone is a user of its own.":
      "用户所属的成员，例如 platform；每部手机各为一名用户。",
    "How it is used, for example network, reproduction or adaptation.": "使用方式，例如 network、reproduction 或 adaptation。",
    "Telephones that upload, 1 to 10000; each every 40 seconds on average.": "上传的手机数，1 至 10000；每部平均每 40 秒上传一次。",
    "Seconds of simulated time, 1 to 3600.": "模拟时间的秒数，1 至 3600。",
    "Simulated seconds to one of real time; 0 for as fast as the server answers.":
      "每一秒实际时间对应的模拟秒数；0 表示服务器应答多快就多快。",
    "Everything that is random follows from this number.": "一切随机内容均由此数得出。",
    "Pictures are uploaded smaller, cropped, bordered, mirrored or turned, as copies often are.":
      "图片缩小、裁剪、加边框、镜像或旋转后上传，如常见的副本。",
    "Uploading": "正在上传",
    "{1} uploads of {2} telephones: {3} licensed, {4} infringing, {5} of insufficient quality, {6} disputed, {7} like no registered work, {8} refused by the server.":
      "{2} 部手机上传 {1} 次：已获许可 {3}，侵权 {4}，质量不足 {5}，有争议 {6}，与已登记作品均不相似 {7}，被服务器拒绝 {8}。",
    "--devices is 1 to 10000, --seconds 1 to 3600, --speed 0 to 1000000.":
      "--devices 为 1 至 10000，--seconds 为 1 至 3600，--speed 为 0 至 1000000。",
    "There is no file to upload.": "没有可上传的文件。",
    "The server refused every upload: {1}": "服务器拒绝了所有上传：{1}",
    "Certificates of time-stamp authorities that you trust (PEM, optional)": "您信任的时间戳机构的证书（PEM，可选）",
    "What 'via' says of the way is one line of at most 256 bytes.": "“via”对途径的说明为一行，至多 256 字节。",
    "{1}: {2} of 100 parts of this file are of '{3}', {4} of 100 parts of that are in this file ({5})":
      "{1}：本文件每 100 份中有 {2} 份出自《{3}》，该作品每 100 份中有 {4} 份见于本文件（{5}）",
    "  characters {1} to {2} of this file, {3} to {4} of the work": "  本文件第 {1} 至 {2} 字符，作品第 {3} 至 {4} 字符",
    "  seconds {1} to {2} of this file, {3} to {4} of the work": "  本文件第 {1} 至 {2} 秒，作品第 {3} 至 {4} 秒",
    "  frames {1} to {2} of this file, {3} to {4} of the work": "  本文件第 {1} 至 {2} 帧，作品第 {3} 至 {4} 帧",
  ])
}
