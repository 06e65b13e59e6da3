import { StreamsError } from '../../streams-error.js';
import { APIS, type Api, type WireRequest } from '../api.js';
import { mustBeDone } from '../wire-error.js';

const { apiVersions } = APIS;

/**
 * Asks a broker whether it speaks what is spoken here. It would close the connection at a version it does not know.
 *
 * The answer is a StreamsError FATAL when it does not.
 */
export const apiVersionsRequest: WireRequest<void> = {
  api: apiVersions,
  write: () => undefined,
  read(reader) {
    mustBeDone(reader.int16(), apiVersions.name);
    const offered = reader.array(() => ({ key: reader.int16(), min: reader.int16(), max: reader.int16() }));
    const speaks = ({ key, version }: Api): boolean =>
      offered.some((api) => api.key === key && api.min <= version && version <= api.max);
    const missing = Object.values(APIS).find((api) => !speaks(api));
    if (missing !== undefined)
      throw new StreamsError('FATAL', `The broker does not speak ${missing.name} version ${missing.version}`);
  },
};
