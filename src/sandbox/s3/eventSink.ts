/** The bucket that wants to call a function. */
export interface EventSender {
  readonly service: 's3.amazonaws.com';
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/** Where S3's events go: all that S3 knows of Lambda. */
export interface EventSink {
  /** Whether the function's resource policy lets the sender call it. */
  maySend(arn: string, sender: EventSender): 'allowed' | 'denied' | 'noFunction';
  /**
   * Takes an event; once the transaction around it is committed, it survives a kill.
   * @throws AwsError when there is no such function, or the event is too large
   */
  acceptEvent(event: {
    readonly functionName: string;
    readonly payload: Buffer;
    readonly traceHeader: string;
  }): string;
  /** Counts an event that was not handed on, as the function's own calls have caused it. */
  countLoop(arn: string): void;
}
