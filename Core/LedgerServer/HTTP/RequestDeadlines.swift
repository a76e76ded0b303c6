internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes
internal import Primitives

/// Closes connections that take too long: to send a first head, to send a body, or to take an answer.
///
/// Against clients that keep a connection for ever by a byte now and then. The time between two requests on one
/// connection, their heads included, is bounded by the server's idle time. Confined to its connection's event loop.
final class RequestDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// How long each part may take.
  struct Times: Sendable {
    /// From the connection to the end of the first head.
    var head: TimeAmount
    /// From the end of a head to the end of the body.
    var body: TimeAmount
    /// From the end of a head until the answer has been taken.
    var answer: TimeAmount
  }

  private enum Deadline: Hashable {
    case head
    case body
    case answer
    case linger
  }

  /// How long the rest of a refused body is still taken, so that the client gets to read the answer.
  private static let linger = TimeAmount.seconds(2)

  private let times: Times
  private var running: [Deadline: Scheduled<Void>] = [:]
  private var isAnswering = false
  /// Answers that are to come for requests that have begun.
  private var owed = 0
  private var closesAfterAnswer = false

  init(_ times: Times) { self.times = times }

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { start(.head, times.head, context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    start(.head, times.head, context)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    stopAll()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { stopAll() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head:
      owed += 1
      stop(.head)
      start(.body, times.body, context)
      if owed == 1 { start(.answer, times.answer, context) }
    case .body: break
    case .end:
      stop(.body)
      if closesAfterAnswer, owed == 0 { context.close(promise: nil) }
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      isAnswering = true
      if head.headerFields[.connection]?.lowercased() == "close" { closesAfterAnswer = true }
    case .body: break
    case .end:
      isAnswering = false
      owed -= 1
      let written = promise ?? context.eventLoop.makePromise(of: Void.self)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      written.futureResult.whenComplete { _ in
        let (handler, context) = bound.value
        handler.stop(.answer)
        if handler.closesAfterAnswer {
          guard handler.running[.body] != nil else { return context.close(promise: nil) }
          return handler.start(.linger, RequestDeadlines.linger, context)
        }
        if handler.owed > 0 { handler.start(.answer, handler.times.answer, context) }
      }
      return context.write(data, promise: written)
    }
    context.write(data, promise: promise)
  }

  // MARK: Deadlines

  private func start(_ deadline: Deadline, _ time: TimeAmount, _ context: ChannelHandlerContext) {
    guard running[deadline] == nil else { return }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    running[deadline] = context.eventLoop.scheduleTask(in: time) {
      let (handler, context) = bound.value
      handler.running[deadline] = nil
      handler.expire(deadline, context)
    }
  }

  private func stop(_ deadline: Deadline) { running.removeValue(forKey: deadline)?.cancel() }

  private func stopAll() {
    for scheduled in running.values { scheduled.cancel() }
    running.removeAll()
  }

  private func expire(_ deadline: Deadline, _ context: ChannelHandlerContext) {
    guard deadline == .body, !isAnswering, owed == 1 else { return context.close(promise: nil) }
    let problem = Problem(
      .requestTimeout, code: "timeout",
      "The request did not arrive within \(times.body.nanoseconds / 1_000_000_000) seconds. Send it faster, or less at once."
    )
    let body = ByteBuffer(bytes: problem.json)
    isAnswering = true
    let head = HTTPResponse(
      status: .requestTimeout,
      headerFields: [
        .contentType: "application/problem+json", .contentLength: "\(body.readableBytes)", .connection: "close",
        .cacheControl: "no-store",
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in bound.value.close(promise: nil) }
  }
}

@available(*, unavailable)
extension RequestDeadlines: Sendable {}
