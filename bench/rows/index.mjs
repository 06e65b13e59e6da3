/** The rows of the benchmark, in the order they run in. */
import { aggregatorRow } from './aggregator.mjs';
import { API_ROWS } from './api.mjs';
import { costRow } from './cost.mjs';
import { dayRollRow } from './day-roll.mjs';
import { hotRow } from './hot.mjs';
import { ledgerRow } from './ledger.mjs';
import { millionRow } from './million.mjs';
import { restoreRow } from './restore.mjs';
import { scaleOutRow } from './scale-out.mjs';

export const ROWS = {
  aggregator: aggregatorRow,
  million: millionRow,
  restore: restoreRow,
  cost: costRow,
  hot: hotRow,
  ledger: ledgerRow,
  'day-roll': dayRollRow,
  'scale-out': scaleOutRow,
  ...API_ROWS,
};
