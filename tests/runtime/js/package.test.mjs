// What `npm pack` makes of the package is all that a project of somebody else's needs.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';

const built = process.env.CANCELSCOPE_PACKAGE;
const most_compressed_bytes = 100 * 1024;

describe('the packed package', () => {
  let folder;
  let packed;
  const npm = (...words) => execFileSync('npm', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'cancelscope-package-'));
    [packed] = JSON.parse(npm('pack', built, '--json', '--pack-destination', folder));
    writeFileSync(join(folder, 'package.json'), '{"name":"somebody-elses","type":"module","private":true}');
    npm('install', '--offline', '--no-audit', '--no-fund', join(folder, packed.filename));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('runs in a fresh project', () => {
    writeFileSync(join(folder, 'main.mjs'), `
      import { createRuntime } from 'cancelscope';
      const runtime = await createRuntime();
      const outcome = await runtime.run('checkout', { deadline: 2 }, (context) => context.sleep(60_000));
      console.log(outcome.cancellation.root.kind, JSON.stringify(runtime.counts()));
    `);
    const said = execFileSync(process.execPath, ['main.mjs'], { cwd: folder, encoding: 'utf8' });
    assert.equal(said, 'timeout {"regions":0,"tasks":0,"obligations":0,"leaked":0,"refused":0,"dropped":0}\n');
  });

  it('holds its types, its module and nothing that is not its own', () => {
    const files = packed.files.map((file) => file.path);
    assert.ok(files.includes('cancelscope.d.ts'));
    assert.ok(files.includes('cancelscope-runtime.wasm'));
    for (const file of files) assert.match(file, /\.(mjs|wasm|d\.ts|json)$/);
  });

  it('says what every export is', async () => {
    const types = readFileSync(join(built, 'cancelscope.d.ts'), 'utf8');
    const exported = Object.keys(await import(join(built, 'cancelscope.mjs')));
    for (const name of exported) assert.match(types, new RegExp(`export (class|function|interface) ${name}\\b`), name);
  });

  it('is at most 100 KB to download, compressed', () => {
    let bytes = 0;
    for (const { path } of packed.files)
      if (/\.(mjs|wasm)$/.test(path)) bytes += gzipSync(readFileSync(join(built, path)), { level: 9 }).length;
    assert.ok(bytes <= most_compressed_bytes, `${bytes} bytes`);
    assert.ok(statSync(join(built, 'cancelscope-runtime.wasm')).size > 0);
  });
});
