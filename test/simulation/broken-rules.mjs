/**
 * The safety rules of libs/streams, each with what switches it off and the seed that noticed. Rules that others stand
 * behind are switched off together with those: it says so there. After a change of the library that moves what happens
 * when, `run.mjs --break <rule> --seeds 10000` finds another seed.
 */
const RESTORE = 'task/restore.js';
const ACQUIRE = 'task/acquire.js';
const ACQUIRED_TASK = 'task/acquired-task.js';

/** The digest would notice that the state is wrong, and have all of it restored. */
const digestUnchecked = {
  file: RESTORE,
  snippet: 'if (expected !== undefined && !isSameSummary(found, expected))',
  replacement: 'if (false)',
};

export const BROKEN_RULES = [
  {
    rule: 'no fence',
    seed: 3,
    why: 'every owner has a transactional id of its own, so nobody is ever fenced',
    edits: [
      {
        file: ACQUIRE,
        snippet: 'await log.fence(taskIdOf(definition, partition))',
        replacement: 'await log.fence(`${taskIdOf(definition, partition)}-${init.clock.nowMs()}`)',
      },
    ],
  },
  {
    rule: 'no barrier',
    seed: 12,
    why: 'restoring ends at the end offset it sees',
    edits: [
      {
        file: ACQUIRE,
        snippet: 'const offset = await writeBarrier(writer, init, nonce);',
        replacement: 'const offset = (await log.offsetsOf({ topic: definition.changelog, partition })).high;',
      },
      {
        file: ACQUIRE,
        snippet:
          'await log.readChangelog({ topic: definition.changelog, partition }, { from, until: barrier.offset }',
        replacement:
          'if (barrier.offset > from + 1) await log.readChangelog({ topic: definition.changelog, partition }, { from, until: barrier.offset - 2 }',
      },
      { file: RESTORE, snippet: 'if (!sawOwnBarrier || sawLaterBarrier)', replacement: 'if (false)' },
      {
        file: RESTORE,
        snippet: 'nextOffset(barrier.offset)',
        replacement: 'barrier.offset',
      },
    ],
  },
  {
    rule: 'no position',
    seed: 2,
    why: 'the position is written after the transaction instead of in it',
    edits: [
      {
        file: ACQUIRED_TASK,
        snippet: 'const changes = [...changedEntries, toOutputRecord(written)];',
        replacement:
          'const changes = [...changedEntries];\nif (changes.length === 0) changes.push(toOutputRecord({ ...this.#position, state: summary }));',
      },
      {
        file: ACQUIRED_TASK,
        snippet: 'await this.#commit(written.transaction);',
        replacement:
          'await this.#commit(written.transaction);\nawait writer.begin();\nawait writer.send(this.#changelog, [toOutputRecord(written)]);\nawait writer.commit();',
      },
      digestUnchecked,
    ],
  },
  {
    rule: 'poisoned producer reused',
    seed: 23,
    why: 'after a failed send the transaction is aborted and the next begun on the same producer',
    edits: [
      {
        file: ACQUIRE,
        snippet: 'const writer = await log.fence(taskIdOf(definition, partition));',
        replacement:
          'const id = taskIdOf(definition, partition);\nconst writers = (log.writers ??= new Map());\nif (writers.get(id)?.isReusable !== true) writers.set(id, await log.fence(id));\nconst writer = writers.get(id);',
      },
      {
        file: 'testing/client/in-memory-writer.js',
        snippet: 'discard: () => Promise.resolve(),',
        replacement: 'discard: () => Promise.resolve(), get isReusable() { return producer.isReusable; },',
      },
      {
        file: 'testing/client/in-memory-producer.js',
        snippet: 'get isInTransaction() {',
        replacement:
          "get isReusable() { return this.#state === 'ready' || this.#state === 'transacting'; }\nget isInTransaction() {",
      },
    ],
  },
  {
    rule: 'group offsets trusted',
    seed: 1,
    why: 'a restored task goes on where its group stands, and takes that for its position',
    edits: [
      {
        file: 'task/source-feed.js',
        snippet: 'this.#init.source.resumeAt(next);',
        replacement: 'this.#init.source.resume();',
      },
      {
        file: 'continuity.js',
        snippet: 'if (fetchedOffset === this.#next) {',
        replacement: 'this.#next = fetchedOffset;\nif (fetchedOffset === this.#next) {',
      },
    ],
  },
  {
    rule: 'no overlay',
    seed: 2,
    why: 'handlers write into the committed state',
    edits: [
      {
        file: 'state/key-value-store.js',
        snippet: 'put(key, value) {',
        replacement:
          'put(key, value) {\nthis.restore({ ...encodeEntry(this.name, key, this.#codec.encode(value)), key: Buffer.from(key) });\n',
      },
      {
        file: 'state/key-value-store.js',
        snippet: 'delete(key) {',
        replacement: 'delete(key) {\nthis.restore({ key: Buffer.from(key), value: null, hash: 0 });\n',
      },
      digestUnchecked,
    ],
  },
  {
    rule: 'commit outcome assumed',
    seed: 2,
    why: 'a commit that was not answered is taken for done',
    edits: [
      {
        file: ACQUIRED_TASK,
        snippet: 'await this.#commit(written.transaction);',
        replacement:
          "let unknown;\ntry { await this.#commit(written.transaction); } catch (error) { if (error.code === 'FENCED') throw error; unknown = error; }",
      },
      {
        file: ACQUIRED_TASK,
        snippet: 'deadLetterRate.record(buffer.deadLetterTimesMs);',
        replacement:
          'deadLetterRate.record(buffer.deadLetterTimesMs);\nif (unknown !== undefined) throw unknown;',
      },
    ],
  },
  {
    rule: 'tail not read again',
    seed: 1,
    why: 'after an unanswered commit the state in memory is taken for what the log says',
    edits: [
      {
        file: ACQUIRE,
        snippet: 'await readBack(init, kept, barrier); return kept;',
        replacement: 'return kept;',
      },
    ],
  },
  {
    rule: 'inbox kept',
    seed: 3,
    why: 'what was fetched before a failure is handled after it, and fetched again, too',
    edits: [{ file: 'task/source-feed.js', snippet: 'this.#inbox.clear();', replacement: '' }],
  },
  {
    rule: 'no continuity check',
    seed: 21,
    why: 'a batch is handled wherever it begins',
    edits: [
      {
        file: 'continuity.js',
        snippet: 'if (fetchedOffset === this.#next) {',
        replacement: 'this.#next = fetchedOffset;\nif (fetchedOffset === this.#next) {',
      },
    ],
  },
  {
    rule: 'digest unchecked',
    seed: 130,
    why: 'a record that the log lost is not missed',
    edits: [digestUnchecked],
  },
  {
    rule: 'lost changelog accepted',
    seed: 103,
    why: 'no position beside outputs that have records is taken for a new task',
    edits: [
      {
        file: ACQUIRE,
        snippet: 'throw changelogLost(init, `${topic}/${partition} has records`);',
        replacement: ';',
      },
      {
        file: ACQUIRE,
        snippet: "throw changelogLost(init, 'this task has written one before');",
        replacement: ';',
      },
    ],
  },
  {
    rule: 'source end unchecked',
    seed: 133,
    why: 'a position that the source never reached is waited for',
    edits: [
      {
        file: ACQUIRE,
        snippet: 'await checkSource(init, position?.sourceNext ?? offsetOf(0))',
        replacement: 'true',
      },
    ],
  },
  {
    rule: 'newer owner unproven',
    seed: 503,
    why: 'what a zombie finds while it restores is taken for lost data',
    edits: [
      {
        file: ACQUIRE,
        snippet: 'const verdict = await proven(error, () => writeBarrier(writer, init, nonce));',
        replacement: 'const verdict = error;',
      },
    ],
  },
];
