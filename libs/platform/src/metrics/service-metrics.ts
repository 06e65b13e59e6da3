import prometheus, { type Registry } from 'prom-client';

/** A registry with the process's own metrics; each metric carries the service's name. */
export const serviceMetrics = (service: string): Registry => {
  const registry = new prometheus.Registry();
  registry.setDefaultLabels({ service });
  prometheus.collectDefaultMetrics({ register: registry });
  return registry;
};
