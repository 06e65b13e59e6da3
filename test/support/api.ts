import type { ReviewRow } from './review-rows.js';

/** An answer with its body read as JSON. */
export interface JsonAnswer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** Statistics of a course as the API answers them. */
export interface StatisticsAnswer {
  readonly courseId: string;
  readonly courseTitle: string | null;
  readonly allTime: StatisticAnswer;
  readonly recent: StatisticAnswer & {
    readonly windowDays: number;
    readonly windowStart: string;
    readonly windowEnd: string;
  };
  readonly updatedAt: string;
  readonly stale?: true;
}

export interface StatisticAnswer {
  readonly count: number;
  readonly averageRating: number | null;
  readonly halfStarCounts: Readonly<Record<string, number>>;
  readonly starCounts: Readonly<Record<string, number>>;
  readonly lastReviewAt: string | null;
  readonly version: number;
}

export interface SubmittedAnswer {
  readonly reviewId: string;
  readonly submittedAt: string;
  readonly position: string;
}

/** The last line of an import's answer. */
export interface ImportSummary {
  readonly accepted: number;
  readonly refused: number;
  readonly complete: boolean;
}

/** The API as a client calls it. */
export const apiAt = (url: string) => ({
  submit: <T = SubmittedAnswer>(courseId: string, body: unknown, headers: Record<string, string> = {}) =>
    call<T>(`${url}/v1/courses/${courseId}/reviews`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  withdraw: (courseId: string, userId: string) =>
    call<SubmittedAnswer>(`${url}/v1/courses/${courseId}/reviews/${userId}`, { method: 'DELETE' }),
  statistics: (courseId: string, after?: string) =>
    call<StatisticsAnswer>(
      `${url}/v1/courses/${courseId}/statistics${after === undefined ? '' : `?after=${encodeURIComponent(after)}`}`,
    ),
  /** Imports rows; returns the summary and the refused rows before it. */
  importRows: async (rows: readonly ReviewRow[] | ReadableStream<Uint8Array>) => {
    const body = rows instanceof ReadableStream ? rows : rows.map((row) => JSON.stringify(row)).join('\n');
    const response = await fetch(`${url}/v1/imports/reviews`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body,
      duplex: 'half',
    });
    const lines = (await response.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    return { status: response.status, summary: lines.at(-1) as ImportSummary, refused: lines.slice(0, -1) };
  },
});

const call = async <T>(url: string, init?: RequestInit): Promise<JsonAnswer<T>> => {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(text) as T };
};
