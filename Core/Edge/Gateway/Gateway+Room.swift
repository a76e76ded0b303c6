/// Room for messages, for who cannot wait for it.
extension Gateway {
  /// Whether `submit` would take so many messages now without letting them wait for room.
  ///
  /// Each class has its share of the queue: background half of it, ordinary three quarters, critical all, and alarms always
  /// find room. Who cannot wait, as a web server, refuses on false and names a time for the next try.
  public nonisolated func hasRoom(for count: Int, slice: IntakeClass = .ordinary) -> Bool {
    queue.hasRoom(count, slice)
  }

  /// Runs `body` while the room of so many messages is taken, for tests of what happens then.
  package nonisolated func withRoomTaken<R>(_ count: Int, _ body: () async throws -> R) async rethrows -> R {
    await queue.admit(count, .alarm)
    defer { queue.release(count) }
    return try await body()
  }
}
