// Who calls, as text, and the operations as methods. The same for the client and the engine in memory.

/**
 * The text that goes with each call of a session.
 *
 * @param {import("./types.js").SessionOptions} options
 * @returns {() => string}
 */
export function caller({ actor, onBehalf, language, now = Date.now, reason, zone }) {
  const clock = typeof now === "function" ? now : () => now;
  const [name, rule] = typeof zone === "object" ? [zone.name, zone.rule] : [zone];
  const fixed = { actor, on_behalf: onBehalf, language, reason, zone: name, zone_rule: rule };
  return () => JSON.stringify({ ...fixed, now: Math.trunc(clock()) });
}

/**
 * Makes `session.order.submit(request)` of `session.call("order.submit", request)`, and `session.batch(request)` of
 * `session.call("batch", request)`, for whatever operations the engine has.
 *
 * @template {{call: (operation: string, request?: object) => unknown}} S
 * @param {S} session
 * @returns {S}
 */
export function withOperations(session) {
  const nouns = new Map();
  const noun = (name) => {
    const verbs = new Map();
    const verb = (_, verb) => {
      // A promise looks for `then` in whatever it is given.
      if (typeof verb === "symbol" || verb === "then") return undefined;
      if (!verbs.has(verb)) verbs.set(verb, (request) => session.call(`${name}.${verb}`, request));
      return verbs.get(verb);
    };
    return new Proxy((request) => session.call(name, request), { get: verb });
  };
  return new Proxy(session, {
    get(target, name) {
      if (name in target || typeof name === "symbol" || name === "then") return target[name];
      if (!nouns.has(name)) nouns.set(name, noun(name));
      return nouns.get(name);
    },
  });
}
