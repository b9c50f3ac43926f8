/** A failure that the user can act on; its message is one sentence for them. */
export class Failure extends Error {
  /** @type {string} The end of the failing command's output; empty if there was none. */
  details;

  /**
   * @param {string} message
   * @param {string} [details]
   */
  constructor(message, details = '') {
    super(message);
    this.name = 'Failure';
    this.details = details;
  }
}

/**
 * Prints a failure on stderr: the failing command's output, then its sentence. Any other error is a
 * defect of ours and is printed with its stack.
 * @param {unknown} error
 */
export function printFailure(error) {
  if (error instanceof Failure) {
    if (error.details !== '') process.stderr.write(`${error.details.trimEnd()}\n\n`);
    process.stderr.write(`loci: ${error.message}\n`);
  } else {
    process.stderr.write(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
}

/**
 * Runs a script's main function and turns a failure into exit code 1.
 * @param {() => Promise<number | undefined>} main returns the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  }
}
