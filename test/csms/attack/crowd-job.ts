/** Opening requests of many stations, made by a process of its own. */
export interface CrowdJob {
  /** Where the CSMS serves stations, as `ws://127.0.0.1:9000`. */
  readonly url: string;
  /** The address that the connections come from, of 127.0.0.0/8. */
  readonly from: string;
  /** Who they say they are, one connection each, and the password that they show; without one where it is undefined. */
  readonly stations: readonly { readonly identity: string; readonly password?: string | undefined }[];
  /** How many begin in a second. */
  readonly perSecond: number;
  /** Milliseconds after which they hang up, whatever was answered; undefined for those that wait. */
  readonly hangUpAfter?: number | undefined;
  /** Whether those that were let in stay until all have an answer. */
  readonly stay?: boolean | undefined;
}

/** How it went for each of them, in the order of `stations`. */
export interface CrowdAnswer {
  /** The HTTP status; 0 where none came. */
  readonly status: number;
  /** Milliseconds from the beginning of the connection to the answer. */
  readonly time: number;
}

/** What the process reports of a job. */
export interface CrowdReport {
  readonly job: number;
  readonly answers: readonly CrowdAnswer[];
  /** Milliseconds from the first beginning to the last answer. */
  readonly time: number;
}
