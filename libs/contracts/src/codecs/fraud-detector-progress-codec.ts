/** A value of `fraud-detector-progress`, as Avro and as everybody else has it: plain numbers. */
export interface FraudDetectorProgress {
  readonly partition: number;
  /** Commands before this offset of `reviews` are covered. */
  readonly reviewsEnd: number;
  /** True only after everything before these end offsets was applied. */
  readonly reviewsValidEnd: number;
  readonly reviewsFraudEnd: number;
}
