/** HTTP load from so many connections for so many seconds. */
import autocannon from 'autocannon';

/** @param rate requests/s at most over all connections; undefined: as many as there are answers */
export const load = async (url, requests, { connections, seconds }, rate) => {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests,
    ...(rate === undefined ? {} : { overallRate: Math.round(rate) }),
  });
  if (result.errors + result.non2xx > 0)
    throw new Error(`${url}: ${result.errors} errors, ${result.non2xx} answers that are not 2xx`);
  return {
    perSecond: result.requests.total / result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  };
};
