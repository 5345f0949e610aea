type Axes = Readonly<Record<string, readonly unknown[]>>;

/** One value of each axis, and a title such as `form=blocking memory=thread`. */
export type Combination<A extends Axes> = { readonly [Name in keyof A]: A[Name][number] } & {
  readonly title: string;
};

/**
 * Every combination of some axes: a contract suite is a function of one of them, called for all.
 *
 * @param axes - the values of each axis
 * @returns all combinations, the last axis changing fastest
 *
 * @example
 * ```ts
 * import { combinations } from '@multiproc/testing';
 *
 * const all = combinations({ form: ['blocking', 'awaiting'], memory: ['thread', 'process'] });
 * console.log(all.length, all[1]?.title); // → 4 form=blocking memory=process
 * // describe.each(all)('$title', ({ form, memory }) => lockContract(form, memory));
 * ```
 */
export function combinations<const A extends Axes>(axes: A): Combination<A>[] {
  let all: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(axes)) {
    all = all.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return all.map((one) => {
    const title = Object.entries(one).map(([name, value]) => `${name}=${String(value)}`);
    return { ...one, title: title.join(' ') } as unknown as Combination<A>;
  });
}
