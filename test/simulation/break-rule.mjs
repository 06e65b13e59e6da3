/** Switches one safety rule off, in memory only: a snippet of one compiled file becomes another while it is loaded. */
import { registerHooks } from 'node:module';
import { BROKEN_RULES } from './broken-rules.mjs';

export function breakRule(name) {
  const rule = BROKEN_RULES.find((candidate) => candidate.rule === name);
  if (rule === undefined) throw new Error(`There is no rule ${name}`);
  const applied = new Set();
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const edits = rule.edits.filter(({ file }) => url.endsWith(`/dist/libs/streams/src/${file}`));
      if (edits.length === 0) return loaded;
      let source = String(loaded.source);
      for (const edit of edits) {
        source = edited(source, edit, name);
        applied.add(edit);
      }
      return { ...loaded, source };
    },
  });
  return {
    mustBeApplied() {
      const missing = rule.edits.filter((edit) => !applied.has(edit)).map(({ file }) => file);
      if (missing.length > 0) throw new Error(`${name}: nobody loads ${missing.join(', ')}`);
    },
  };
}

function edited(source, { file, snippet, replacement }, name) {
  // However the compiler breaks and indents its lines.
  const pattern = new RegExp(snippet.split(/\s+/).map(RegExp.escape).join('\\s+'), 'g');
  const matches = source.match(pattern)?.length ?? 0;
  if (matches !== 1)
    throw new Error(`${name}: ${file} has its snippet ${matches} times instead of once: ${snippet}`);
  // A function, because a replacement's dollar signs mean themselves.
  return source.replace(pattern, () => replacement);
}
