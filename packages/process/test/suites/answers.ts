import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@multiproc/testing';
import { afterAll } from 'vitest';

/** A place for the JSON files by which children answer. */
export class Answers {
  readonly #folder = mkdtempSync(join(tmpdir(), 'process-test-'));
  #files = 0;

  constructor() {
    afterAll(() => rmSync(this.#folder, { recursive: true }));
  }

  /** The path of a new file. */
  file(): string {
    return join(this.#folder, `${++this.#files}.json`);
  }

  /** What has been answered; `undefined` while there is nothing, or half of it. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are of any form
  read(file: string): any {
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Waits for an answer that fulfils a condition. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are of any form
  async wait(file: string, accepts: (answer: any) => boolean = () => true): Promise<any> {
    const holds = () => this.read(file) !== undefined && accepts(this.read(file));
    await eventually(holds, 20_000, `the child answers; last answer: ${this.read(file)}`);
    return this.read(file);
  }
}
