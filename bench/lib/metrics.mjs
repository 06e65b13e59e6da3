/** What a service says of itself, in Prometheus's text format. */

/** @returns a function from a metric's name, and the part of its labels that is asked for, to the sum of its values */
const parseMetrics =
  (text) =>
  (name, labels = '') => {
    let sum = 0;
    for (const line of text.split('\n')) {
      if (!line.startsWith(name) || !/[{ ]/.test(line[name.length] ?? '')) continue;
      if (labels === '' || line.includes(labels)) sum += Number(line.slice(line.lastIndexOf(' ') + 1));
    }
    return sum;
  };

export const metricsAt = async (url) => {
  const response = await fetch(`${url}/metrics`);
  return parseMetrics(await response.text());
};
