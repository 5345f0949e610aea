import { Process, type StartMethod } from '@multiproc/process';
import { partnersOf } from '@multiproc/testing/suites';

/** Starts partners that are ended after the test, and waits for them. */
export const { start, joinAll } = partnersOf<StartMethod, Process>(Process);
