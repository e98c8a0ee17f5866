/** Told of what becomes of the connection. */
export interface SinkListener {
  /** It takes more again. */
  drained(): void
  /** It is gone. */
  closed(): void
}

/** The connection of a subscriber. */
export interface FeedSink {
  /** Sets the one listener. */
  listen(listener: SinkListener): void
  /**
   * Sends messages.
   *
   * @param id where the subscriber stands behind them
   * @returns whether it takes more; else it tells when it does
   */
  send(messages: readonly string[], id: string | undefined): boolean
  /** Shows that the connection lives, and where the subscriber stands. */
  beat(id: string | undefined): void
  /** Ends the connection behind what was sent. */
  end(): void
  /** Cuts the connection. */
  cut(): void
}
