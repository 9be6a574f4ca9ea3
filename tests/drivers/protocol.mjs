// What the stories' runner and a driver in JavaScript say to each other: README.md.

import { Buffer } from "node:buffer";
import { stdin, stdout } from "node:process";

const LINE_FEED = 10;

/**
 * Serves the runner until its input ends. `open(kind, path)` opens an empty database; `call(call)` gives the answer's text, or
 * throws the error of the door: an object with class, code, message and details. Both may be asynchronous.
 */
export async function serve({ open, call }) {
  stdout.write("done 0\n");
  for await (const { words, texts } of messages()) {
    let said;
    try {
      said = words[0] === "open" ? await opened(open, words, texts) : await called(call, words, texts);
    } catch (fault) {
      said = ["failed", String(fault?.stack ?? fault?.message ?? fault)];
    }
    const text = Buffer.from(said[1]);
    stdout.write(Buffer.concat([Buffer.from(`${said[0]} ${text.length}\n`), text]));
  }
}

async function opened(open, [, kind], [path]) {
  await open(kind, path);
  return ["done", ""];
}

async function called(call, [, actor, onBehalf, language, now], [reason, operation, request]) {
  const id = (text) => (text === "0" ? undefined : text);
  try {
    const options = { actor: id(actor), onBehalf: id(onBehalf), language, now: Number(now), reason: reason || undefined };
    return ["answer", await call({ options, operation, request })];
  } catch (error) {
    if (error?.class === undefined) throw error;
    const { class: kind, code, message, details } = error;
    return ["error", JSON.stringify({ class: kind, code, message, details })];
  }
}

/** Messages as they come: the words of the line and the texts behind it. */
async function* messages() {
  let rest = Buffer.alloc(0);
  let message;
  for await (const chunk of stdin) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      if (!message) {
        const end = rest.indexOf(LINE_FEED);
        if (end < 0) break;
        const words = rest.toString("utf8", 0, end).split(" ");
        const lengths = words.slice(words[0] === "open" ? 2 : 5).map(Number);
        message = { words, lengths, bytes: lengths.reduce((sum, length) => sum + length, 0) };
        rest = rest.subarray(end + 1);
      }
      if (rest.length < message.bytes) break;
      let at = 0;
      const texts = message.lengths.map((length) => rest.toString("utf8", at, (at += length)));
      rest = rest.subarray(message.bytes);
      yield { words: message.words, texts };
      message = undefined;
    }
  }
}
