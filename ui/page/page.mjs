// The page around the inspector: it brings traces to the WASM module (drop, file dialog, paste, ?trace=URL) and
// offers `window.cancelscope` to other programs.
//
// window.cancelscope, version 1. Times are the trace's own, in ns; ids are the trace's own texts ("t3.1", "c2").
//
//   version                    1; rises when something below changes its meaning
//   open(source[, name])       source: a URL, an ArrayBuffer, a typed array, a Blob or a File. A promise of state(), or a
//                              rejection whose message is the sentence on the screen; what was open before then stays.
//   state()                    what is open and what the screen shows; see "state" in ui/app/remote.hpp
//   compare(source, name)      as open, to stand beside the one that is open
//   select(id)                 an id, or null for nothing; false where the trace has no such id
//   seek(t)                    moves the cursor
//   step(direction)            "next" | "previous" (events concerning the selection), "next_any" | "previous_any",
//                              "cause" | "effect" (along the chain), "first" | "last", "next_stop" | "previous_stop" (events
//                              that match stopAt); true where something moved
//   stopAt(query)              what playing and steps to a stop end at (docs/query.md); "" for nothing
//   play(on)                   lets the cursor move by itself, or stops it
//   explain(id)                the answer of `cancelscope explain --json`, or null where the trace has no such id
//   follow(link)               makes the view what the link says (state().link); what the trace lacks is said on the screen
//   notes()                    what was noted on the trace that is open: [{on, text, where, t}], in order of time
//   note(on, text)             the note on that is this from now on, none where the text is empty; throws where the trace has no
//                              such thing. docs/interface.md says how what notes are on is written
//   importNotes(text)          adds the notes of a .notes.json file
//   lookEarly()                looks at what has arrived of the trace that is being loaded; the rest comes in meanwhile
//   theme(name)                "dark" or "light"
//   ready                      a promise that is kept once the page can take calls
import createInspector from './cancelscope-inspector.mjs';

const canvas = document.getElementById('canvas');
const curtain = document.getElementById('curtain');
const fileInput = document.getElementById('file');
const typingField = document.getElementById('typing');

/** Bytes handed to the module at a time; between two slices the browser may draw and answer, */
const slice = 1 << 20;
/** and does so when this many milliseconds have passed. */
const patience = 24;

/** Why a trace was not opened, as the screen says already. */
class ShownError extends Error {}

function stop(headline, detail) {
  document.getElementById('headline').textContent = headline;
  document.getElementById('detail').textContent = detail;
  curtain.hidden = false;
}

function sentenceOf(error) {
  return error instanceof Error ? error.message : String(error);
}

/** The first thing that the inspector needs and this browser does not have, in a sentence; or null. */
function missing() {
  if (!document.createElement('canvas').getContext('webgl2'))
    return 'Cancelscope draws with WebGL 2, which this browser does not offer: it is too old, or its graphics acceleration is switched off.';
  if (!globalThis.WebAssembly?.Tag)
    return 'Cancelscope is WebAssembly with exceptions, which this browser does not offer: it is too old.';
  return null;
}

/** Ctrl+V must become a paste event, and the browser's own shortcuts must stay the browser's: SDL would swallow them. */
function leaveToBrowser(event) {
  if (event.isComposing) return true;
  const plainFunctionKey = /^F\d+$/.test(event.code) && event.code !== 'F1' && !(event.code === 'F10' && event.shiftKey);
  const shortcut = (event.ctrlKey || event.metaKey) && !/^(Arrow|Key[ACXZ]$|KeyP$|Control|Meta|Shift|Home|End)/.test(event.code);
  return plainFunctionKey || shortcut;
}

/** Waits for a turn of the event loop that timers do not slow down. */
const turn = (() => {
  const channel = new MessageChannel();
  const waiting = [];
  channel.port1.onmessage = () => waiting.shift()();
  return () => new Promise(resolve => {
    waiting.push(resolve);
    channel.port2.postMessage(0);
  });
})();

class Inspector {
  #module;
  #opening = Promise.resolve();
  /** Called with the address of a trace, or null where it has none, that is open now, or beside the one that is. */
  opened = () => {};

  constructor(module) {
    this.#module = module;
  }

  call(request) {
    return JSON.parse(this.#module.ccall('cancelscope_call', 'string', ['string'], [JSON.stringify(request)]));
  }

  /** One trace at a time, in the order they came. */
  open(source, name, beside = false) {
    const opened = this.#opening.then(() => this.#open(source, name, beside));
    this.#opening = opened.catch(() => {});
    return opened;
  }

  async #open(source, name, beside) {
    try {
      const address = typeof source === 'string' || source instanceof URL ? new URL(source, location.href) : null;
      const state = address ? await this.#openAddress(address, name, beside) : await this.#openBytes(source, name, beside);
      this.opened(address, state.beside !== null);
      return state;
    } catch (error) {
      if (!(error instanceof ShownError)) this.call({ do: 'fail_open', message: sentenceOf(error) });
      throw new Error(sentenceOf(error));
    }
  }

  #openBytes(source, name, beside) {
    if (source instanceof Blob) return this.#openStream(source.stream(), name ?? source.name ?? 'trace', source.size, beside);
    const bytes = ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source);
    return this.#openStream(new Blob([bytes]).stream(), name ?? 'trace', bytes.length, beside);
  }

  async #openAddress(url, name, beside) {
    const shown = name ?? decodeURIComponent(url.pathname.split('/').pop() || url.host);
    let response;
    try {
      response = await fetch(url);
    } catch {
      throw new Error(`“${shown}” could not be fetched from ${url.host}: the server did not answer, or does not allow this page to read it (CORS).`);
    }
    if (!response.ok) throw new Error(`“${shown}” could not be fetched: the server answered ${response.status} ${response.statusText}`.trim() + '.');
    const size = response.headers.has('content-encoding') ? 0 : Number(response.headers.get('content-length') ?? 0);
    return this.#openStream(response.body, shown, size, beside);
  }

  async #openStream(stream, name, size, beside) {
    this.call({ do: 'begin_open', name, size, beside });
    const reader = stream.getReader();
    let rested = performance.now();
    for (let wanted = true; wanted; ) {
      const { done, value } = await reader.read();
      if (done) break;
      for (let at = 0; wanted && at < value.length; at += slice) {
        wanted = this.#feed(value.subarray(at, at + slice));
        if (performance.now() - rested < patience) continue;
        await turn();
        rested = performance.now();
      }
    }
    reader.cancel().catch(() => {});
    const { error } = this.call({ do: 'finish_open' });
    if (error) throw new ShownError(error);
    return this.call({ do: 'state' });
  }

  /** False where the module wants no more of it. */
  #feed(bytes) {
    const at = this.#module._malloc(bytes.length);
    this.#module.HEAPU8.set(bytes, at);
    const wanted = this.#module._cancelscope_feed(at, bytes.length);
    this.#module._free(at);
    return wanted !== 0;
  }

  follow(link) {
    return this.call({ do: 'follow', link: link.replace(/^#/, '') }).done;
  }

  /** Gives the text to the field being typed in; false where nobody is typing, or it is no text for a field. */
  paste(text) {
    const longest = 10_000; // it goes through the module's stack
    return text.length <= longest && this.#module.ccall('cancelscope_paste', 'number', ['string'], [text]) !== 0;
  }

  /** Gives the text to the field being typed in, as if a key had made it. */
  type(text) {
    this.#module.ccall('cancelscope_type', null, ['string'], [text]);
  }

  /** What a user brought: the first file is opened, a second beside it, and what happened is said on the screen. */
  async openFiles(given) {
    const notes = given.filter(({ name }) => name.endsWith('.notes.json'));
    await this.#openTraces(given.filter(file => !notes.includes(file)));
    for (const { file } of notes) this.importNotes(await file.text());
  }

  note(on, text) {
    const { done, error } = this.call({ do: 'note', on, text });
    if (error) throw new Error(error);
    return done;
  }

  /** Adds the notes of such a file to those on the trace that is open. */
  importNotes(text) {
    return this.call({ do: 'import_notes', text }).done;
  }

  async #openTraces(files) {
    if (files.length === 0) return;
    const [first] = files;
    try {
      if (first.folder) throw new Error(`“${first.name}” is a folder, not a trace: choose a .jsonl or .cst file in it.`);
      await this.open(first.file);
      if (files.length > 1) await this.open(files[1].file, undefined, true);
      if (files.length > 2) this.call({ do: 'notice', message: `${files.length} files were given; “${first.name}” and “${files[1].name}” are compared, the others were left.` });
    } catch (error) {
      this.call({ do: 'fail_open', message: sentenceOf(error) });
    }
  }
}

/** The files of a drop, folders told apart (a browser hands them over as if they were files). */
function dropped(transfer) {
  const items = [...(transfer.items ?? [])].filter(item => item.kind === 'file');
  if (items.length === 0) return [...transfer.files].map(file => ({ name: file.name, file, folder: false }));
  return items.map(item => {
    const entry = item.webkitGetAsEntry?.();
    const file = item.getAsFile();
    return { name: entry?.name ?? file?.name ?? 'trace', file, folder: entry?.isDirectory ?? false };
  });
}

function listen(inspector) {
  const chosen = list => [...list].map(file => ({ name: file.name, file, folder: false }));
  const drag = on => document.body.classList.toggle('dragging', on);
  addEventListener('dragover', event => { event.preventDefault(); drag(true); });
  addEventListener('dragleave', event => { if (!event.relatedTarget) drag(false); });
  addEventListener('drop', event => {
    event.preventDefault();
    drag(false);
    inspector.openFiles(dropped(event.dataTransfer));
  });
  fileInput.addEventListener('change', () => {
    inspector.openFiles(chosen(fileInput.files));
    fileInput.value = '';
  });
  addEventListener('paste', event => {
    const files = chosen(event.clipboardData.files);
    if (files.length > 0) return void inspector.openFiles(files);
    const text = event.clipboardData.getData('text/plain');
    if (!text) return;
    if (inspector.paste(text)) {
      event.preventDefault();
      return;
    }
    const isTrace = text.trimStart().startsWith('{');
    if (isTrace) inspector.open(new TextEncoder().encode(text), 'pasted text').catch(() => {});
    else inspector.call({ do: 'paste', text: text.slice(0, 10_000) });
  });
  // Keys that make a letter by themselves are SDL's; what takes several, or no key at all (accents, input methods, a phone's
  // keyboard), is written into a field, and from there to the inspector.
  const typed = () => {
    inspector.type(typingField.value);
    typingField.value = '';
  };
  typingField.addEventListener('input', event => { if (!event.isComposing) typed(); });
  typingField.addEventListener('compositionend', typed);
  const ratioChanged = () => {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => {
      dispatchEvent(new Event('resize'));
      ratioChanged();
    }, { once: true });
  };
  ratioChanged();
}

/** The view in the address, so that copying it shows somebody else the same. Browsers allow few changes a second. */
class AddressBar {
  #shown = location.hash;
  #timer = 0;

  show(link) {
    this.#shown = `#${link}`;
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      history.replaceState(history.state, '', this.#shown);
    }, 250);
  }

  /** Which trace the rest of the address speaks of; one without an address cannot be linked to. */
  showTrace(trace, beside) {
    const page = new URL(location.href);
    const field = beside ? 'with' : 'trace';
    const known = page.searchParams.get(field);
    if (!beside) page.searchParams.delete('with');
    if (!trace) page.searchParams.delete(field);
    else if (known === null || new URL(known, page).href !== trace.href)
      page.searchParams.set(field, trace.origin === page.origin ? trace.pathname + trace.search : trace.href);
    if (page.href === location.href) return;
    history.replaceState(history.state, '', page.href.replaceAll('%2F', '/'));
  }

  swapTraces() {
    const page = new URL(location.href);
    const [trace, beside] = ['trace', 'with'].map(field => page.searchParams.get(field));
    for (const [field, value] of [['trace', beside], ['with', trace]]) {
      if (value === null) page.searchParams.delete(field);
      else page.searchParams.set(field, value);
    }
    history.replaceState(history.state, '', page.href.replaceAll('%2F', '/'));
  }

  /** Tells of links that are put into the address by hand. */
  listen(changed) {
    addEventListener('hashchange', () => {
      if (location.hash !== this.#shown) changed(location.hash);
    });
  }
}

/** The keyboard belongs to the field while the inspector wants text, else to the canvas. */
function typeInto(field) {
  const wanted = field ? typingField : canvas;
  const other = field ? canvas : typingField;
  if (document.activeElement !== wanted && [other, document.body].includes(document.activeElement)) wanted.focus({ preventScroll: true });
}

/** What was chosen the last time: `theme`, `layout`, `motion`; and what was written: `notes.IDENTITY`. */
const taste = {
  get(preference) {
    try { return localStorage.getItem(`cancelscope.${preference}`); } catch { return null; /* a page without storage */ }
  },
  keep(preference, value) {
    if (preference === 'theme') document.documentElement.dataset.theme = value;
    try {
      if (value === '') localStorage.removeItem(`cancelscope.${preference}`);
      else localStorage.setItem(`cancelscope.${preference}`, value);
      return true;
    } catch {
      return false; // a page without storage, or without room
    }
  },
};
document.documentElement.dataset.theme = taste.get('theme') ?? 'dark';

/** The samples beside the page, where whoever serves it has put some: samples/index.json (tools/gallery). */
async function offerSamples(inspector) {
  const place = new URL('samples/index.json', document.baseURI);
  const list = await fetch(place).then(answer => (answer.ok ? answer.json() : [])).catch(() => []);
  const offers = list.map(({ title, detail, file }) => ({ title, detail, address: new URL(file, place).href }));
  inspector.call({ do: 'offers', offers });
}

/** Hands the user a file. */
function download(name, bytes) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function start() {
  // Before the module installs SDL's own listeners.
  for (const type of ['keydown', 'keyup']) addEventListener(type, event => { if (leaveToBrowser(event)) event.stopImmediatePropagation(); }, true);
  canvas.addEventListener('contextmenu', event => event.preventDefault());
  const lacking = missing();
  if (lacking) throw new Error(lacking);
  const address = new AddressBar();
  const module = await createInspector({
    canvas,
    print: text => console.log(text),
    printErr: text => console.warn(text),
    chooseFile: () => fileInput.click(),
    showLink: link => address.show(link),
    openAddress: address => void inspector.open(address).catch(() => { /* the sentence is on the screen */ }),
    typing: on => typeInto(on),
    tracesSwapped: () => address.swapTraces(),
    keep: (preference, value) => taste.keep(preference, value),
    kept: preference => taste.get(preference) ?? '',
    addressOf: link => `${location.href.split('#')[0]}#${link}`,
    saveFile: download,
    announce: text => { document.getElementById('live').textContent = text; },
  });
  const inspector = new Inspector(module);
  inspector.opened = (trace, beside) => address.showTrace(trace, beside);
  offerSamples(inspector);
  inspector.call({ do: 'theme', name: taste.get('theme') ?? 'dark' });
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const letMove = () => inspector.call({ do: 'motion', on: !still.matches && taste.get('motion') !== 'reduced' });
  still.addEventListener('change', letMove);
  letMove();
  if (!taste.get('hint')) inspector.call({ do: 'hint' });
  if (taste.get('layout')) inspector.call({ do: 'layout', text: taste.get('layout') });
  listen(inspector);
  address.listen(link => inspector.follow(link));
  curtain.hidden = true;
  canvas.focus();
  return inspector;
}

const started = start();

window.cancelscope = {
  version: 1,
  ready: started.then(() => {}),
  open: async (source, name) => (await started).open(source, name),
  compare: async (source, name) => (await started).open(source, name, true),
  state: () => current().call({ do: 'state' }),
  select: id => current().call({ do: 'select', id }).done,
  seek: t => current().call({ do: 'seek', t }).done,
  step: direction => current().call({ do: 'step', direction }).done,
  stopAt: query => current().call({ do: 'stop_at', query }).done,
  play: on => current().call({ do: 'play', on }).done,
  explain: id => current().call({ do: 'explain', id }).answer,
  follow: link => current().follow(link),
  notes: () => current().call({ do: 'notes' }),
  note: (on, text) => current().note(on, text),
  importNotes: text => current().importNotes(text),
  lookEarly: () => current().call({ do: 'look_early' }).done,
  theme: name => current().call({ do: 'theme', name }).done,
};

/** A trace, one beside it, and the view of it that the address speaks of. */
async function openLinked(trace, beside, link) {
  try {
    await inspector.open(trace);
    if (beside) await inspector.open(beside, undefined, true);
    if (link.length > 1) inspector.follow(link);
  } catch { /* the sentence is on the screen */ }
}

let inspector = null;
function current() {
  if (!inspector) throw new Error('The inspector is still loading: await cancelscope.ready first.');
  return inspector;
}

try {
  inspector = await started;
  const asked = new URLSearchParams(location.search);
  if (asked.has('trace')) openLinked(asked.get('trace'), asked.get('with'), location.hash);
} catch (error) {
  stop('Cancelscope cannot start here.', sentenceOf(error));
}
