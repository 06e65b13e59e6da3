/** What a row leaves behind is removed before the next one measures. */
import { deleteTopics } from '../lib/topics.mjs';

export const deletePrefix = ({ servers }, prefix) =>
  deleteTopics(servers.addresses, (name) => name.startsWith(prefix));
