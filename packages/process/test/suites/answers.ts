import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

  /** The answer that lies there; `undefined` while there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are of any form
  read(file: string): any {
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  }

  /** Waits for an answer that fulfils a condition, and returns that very answer. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are of any form
  async wait(file: string, accepts: (answer: any) => boolean = () => true): Promise<any> {
    let answer: unknown;
    const holds = () => {
      answer = this.read(file);
      return answer !== undefined && accepts(answer);
    };
    await eventually(holds, 20_000, `the child answers; first look: ${this.read(file)}`);
    return answer;
  }
}
