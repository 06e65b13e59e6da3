/** Imported into a process before anything else: its clock of the day is wrong by HOST_CLOCK_AHEAD_MS. Time that is measured is not. */
const aheadMs = Number(process.env.HOST_CLOCK_AHEAD_MS);
const RealDate = globalThis.Date;
const nowMs = () => RealDate.now() + aheadMs;

globalThis.Date = new Proxy(RealDate, {
  get: (target, name) => (name === 'now' ? nowMs : Reflect.get(target, name)),
  construct: (target, given) => new target(...(given.length === 0 ? [nowMs()] : given)),
  apply: (target) => new target(nowMs()).toString(),
});
