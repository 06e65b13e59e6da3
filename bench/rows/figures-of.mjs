/** Figures of runs as the report has them. */
import { column } from '../lib/figures.mjs';

/** What a run of a stream processor took, by who took it. */
export const figuresOf = (who, runs) => [
  { what: `${who}, records/s`, values: column(runs, 'perSecond') },
  { what: `${who}, wall time, s`, values: column(runs, 'seconds') },
  { what: `${who}, CPU-s of the process`, values: runs.map(({ cpuSeconds }) => cpuSeconds.service) },
  { what: `${who}, CPU-s of the broker meanwhile`, values: runs.map(({ cpuSeconds }) => cpuSeconds.broker) },
  {
    what: `${who}, CPU-s per million records`,
    values: runs.map(({ cpuPerMillion }) => cpuPerMillion.service),
  },
  { what: `${who}, resident memory at most, MB`, values: runs.map(({ peakMb }) => peakMb.service) },
  ...(runs.some((run) => run.outputsPerEvent === undefined)
    ? []
    : [{ what: `${who}, output records per record`, values: column(runs, 'outputsPerEvent') }]),
];

/** Ratios of two lists of runs, pair by pair. */
export const ratios = (ours, theirs, of) => ours.map((run, index) => of(run) / of(theirs[index]));

export const speedOf = ({ perSecond }) => perSecond;
export const cpuOf = ({ cpuPerMillion }) => cpuPerMillion.service;
export const memoryOf = ({ peakMb }) => peakMb.service;
