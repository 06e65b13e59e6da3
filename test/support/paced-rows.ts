import type { ReviewRow } from './review-rows.js';

const ROWS_PER_STEP = 30;
const STEP_PAUSE_MS = 80;

/** Rows as an import's body that takes its time: some 25 s for the whole file, so that things can happen meanwhile. */
export const pacedRows = (rows: readonly ReviewRow[]): ReadableStream<Uint8Array> => {
  const encoder = new TextEncoder();
  let sent = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const step = rows.slice(sent, sent + ROWS_PER_STEP);
      if (step.length === 0) {
        controller.close();
        return;
      }
      controller.enqueue(encoder.encode(step.map((row) => `${JSON.stringify(row)}\n`).join('')));
      sent += step.length;
      await new Promise((later) => setTimeout(later, STEP_PAUSE_MS));
    },
  });
};
