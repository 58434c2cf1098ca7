// A Worker that says it is there until somebody ends it.
setInterval(() => postMessage('here'), 1);
