import { words } from "./words.js";

/** A refusal: branch on `class` and `code`, show `message`. */
export class CrmError extends Error {
  /**
   * @param {{class: string, code: string, message: string, details?: object}} error
   * @param {ErrorOptions} [options]
   */
  constructor(error, options) {
    super(error.message, options);
    this.name = "CrmError";
    this.class = error.class;
    this.code = error.code;
    this.details = error.details ?? {};
  }

  /** @param {string} text the error as the engine writes it */
  static parse(text) {
    return new CrmError(JSON.parse(text));
  }
}

/** Whether something caught is a refusal of the engine. */
export const isCrmError = (error) => error instanceof CrmError;

/** Whether something caught is a refusal with one of these codes. */
export const hasCode = (error, ...codes) => isCrmError(error) && codes.includes(error.code);

/** Whether something caught is a refusal of one of these classes. */
export const hasClass = (error, ...classes) => isCrmError(error) && classes.includes(error.class);

/**
 * An error that the package makes by itself, as the engine writes it.
 *
 * @param {keyof typeof words} what
 * @param {string} [language] English where there is no such
 * @param {object} [details] facts beside those that all such errors have
 */
export function made(what, language, details) {
  const error = words[what][language] ?? words[what].en;
  return { ...error, details: { ...error.details, ...details } };
}
