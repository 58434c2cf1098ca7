// Every snippet of docs/javascript.md runs, in order, as one program, and prints what its comments say.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';

const page = readFileSync(new URL('../../../docs/javascript.md', import.meta.url), 'utf8');
const snippets = [...page.matchAll(/```js\n(.*?)```/gs)].map((match) => match[1]);

/** What the snippet promises: the comment after a `console.log`, or lines of comment after one; `bye` and the like count, too. */
const promised = (snippet) =>
  snippet.split('\n').flatMap((line) => {
    const comment = /^(.*?)\/\/ (.*)$/.exec(line);
    if (!comment) return [];
    const [, code, words] = comment;
    const says = code.trim() === '' || code.includes('console.log') || code.includes('await server.closed') || code.includes('await page.close') || code.trim() === '});';
    return says ? [words.trimEnd()] : [];
  });

it('the tutorial does what it says', () => {
  assert.ok(snippets.length >= 8);
  const folder = mkdtempSync(join(tmpdir(), 'cancelscope-tutorial-'));
  try {
    const program = snippets.join('\n').replace("'cancelscope'", `'${process.env.CANCELSCOPE_PACKAGE}/cancelscope.mjs'`);
    writeFileSync(join(folder, 'tutorial.mjs'), program);
    const said = execFileSync(process.execPath, ['tutorial.mjs'], { cwd: folder, encoding: 'utf8' });
    assert.deepEqual(said.trim().split('\n').map((line) => line.trimEnd()), snippets.flatMap(promised));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
