/** One run in words, for whoever watches. */
export const told = ({ perSecond, cpuPerMillion, peakMb, outputsPerEvent }) =>
  [
    `${Math.round(perSecond).toLocaleString('en')} records/s`,
    `CPU-s per million ${cpuPerMillion.service.toFixed(2)} (broker ${cpuPerMillion.broker.toFixed(2)})`,
    `${Math.round(peakMb.service)} MB`,
    ...(outputsPerEvent === undefined ? [] : [`${outputsPerEvent.toFixed(3)} outputs per event`]),
  ].join(', ');
