import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { describe, expect, it, vi } from 'vitest';
import { lookUp } from '../src/agents/identity.js';
import { FILLING, SLOT } from '../src/agents/slot.js';
import { MAX_AGENTS } from '../src/memory/layout.js';
import { createObject, publishObject } from '../src/objects/object-header.js';
import { References } from '../src/objects/references.js';
import { FamilyStage, NO_THREAD, startedBy } from './fixtures/agents-stage.js';
import { interruptEverywhere, killEverywhere, type Scene } from './fixtures/arena-steps.js';

describe('the agent table', () => {
  it('gives each agent a place, and an id that no agent of that place had', () => {
    const stage = new FamilyStage();
    const root = stage.join(process.pid);
    const ids = new Set<number>();
    for (let i = 0; i < 50; i++) {
      const child = stage.join(NO_THREAD, 100 + i);
      ids.add(child.id);
      expect(root.table.isDead(child.id)).toBe(false);
      stage.kill(child);
      expect(root.table.isDead(child.id)).toBe(true);
      root.reaper.reap(child.id);
      expect(root.table.isGone(child.id)).toBe(true);
    }
    expect(ids.size).toBe(50);
    expect(root.table.high).toBe(2);
  });

  it('keeps the first 64 bytes of a name, cut or not', () => {
    const stage = new FamilyStage();
    const root = stage.join(process.pid);
    const names = ['Process-1:2', '', 'ü'.repeat(60)];
    const read = names.map((name) => {
      const id = root.table.claim({ parent: root.id, flags: 0, name });
      return root.table.nameOf(id);
    });
    expect(read).toEqual(['Process-1:2', '', 'ü'.repeat(32)]);
  });

  it('refuses the 1025th agent, and takes it when another has left', () => {
    const stage = new FamilyStage();
    const root = stage.join(process.pid);
    const ids = Array.from({ length: MAX_AGENTS - 1 }, () => root.table.claim(startedBy(root)));
    expect(new Set([...ids, root.id]).size).toBe(MAX_AGENTS);
    expect(() => root.table.claim(startedBy(root))).toThrowError(/1024 agents already.*end some/);
    root.table.set(ids[500] as number, SLOT.PID, -1);
    root.reaper.sweep();
    const late = root.table.claim(startedBy(root));
    expect(late).not.toBe(ids[500]);
    expect([...root.table.tenants()].length).toBe(MAX_AGENTS);
  });

  it("takes the starter's death for the death of what it had not started yet", () => {
    const stage = new FamilyStage();
    const root = stage.join(process.pid);
    const starter = stage.join(NO_THREAD, 2);
    const child = starter.table.claim(startedBy(starter));
    expect(root.table.isDead(child)).toBe(false);
    stage.kill(starter);
    expect(root.table.isDead(child)).toBe(true);
    root.reaper.sweep();
    // The child comes up late, and learns that it has been given up.
    expect(stage.table(NO_THREAD, 3).identify(child, stage.identity(NO_THREAD, 3))).toBe(false);
    expect([...root.table.tenants()]).toEqual([root.id]);
  });

  it('lets starter and child both say who the child is', () => {
    const stage = new FamilyStage();
    const root = stage.join(process.pid);
    const id = root.table.claim(startedBy(root));
    const identity = stage.identity(NO_THREAD, 7);
    expect(root.table.identify(id, identity)).toBe(true);
    expect(root.table.identify(id, identity)).toBe(true);
    expect(root.table.isDead(id)).toBe(false);
  });
});

describe('an agent killed at any step', () => {
  it('while it joins leaves no place that is lost', () => {
    const steps = killEverywhere((): Scene => {
      const stage = new FamilyStage();
      const root = stage.join(process.pid);
      return {
        action: () => stage.join(NO_THREAD, 2),
        meanwhile: () => {
          stage.dead.add(2);
          root.reaper.sweep();
        },
        check: () => {
          stage.join(process.pid, 3);
          expect(root.table.high).toBe(2);
          expect(stage.lostPlaces(root.table)).toEqual([]);
        },
      };
    });
    expect(steps).toBeGreaterThan(40);
  });

  it('while it claims a place for what it starts leaves no place that is lost', () => {
    killEverywhere((): Scene => {
      const stage = new FamilyStage();
      const root = stage.join(process.pid);
      const starter = stage.join(NO_THREAD, 2);
      return {
        action: () => starter.table.claim(startedBy(starter)),
        meanwhile: () => {
          stage.kill(starter);
          root.reaper.sweep();
          // The child's turn comes once the starter is known to be dead.
          root.reaper.sweep();
        },
        check: () => {
          stage.join(process.pid, 3);
          stage.join(process.pid, 4);
          expect(root.table.high).toBe(3);
          expect(stage.lostPlaces(root.table)).toEqual([]);
        },
      };
    });
  });
});

describe('nobody who lives is taken for dead', () => {
  it('when all others look around at any step of joining', () => {
    interruptEverywhere((): Scene => {
      const stage = new FamilyStage();
      const root = stage.join(process.pid);
      let id = 0;
      return {
        action: () => {
          id = stage.join(process.ppid, 2).id;
        },
        meanwhile: () => root.reaper.sweep(),
        check: () => expect(root.table.isGone(id)).toBe(false),
      };
    });
  });

  it('when all others look around at any step of starting a process', () => {
    interruptEverywhere((): Scene => {
      const stage = new FamilyStage();
      const root = stage.join(process.pid);
      const starter = stage.join(process.ppid, 2);
      let id = 0;
      return {
        action: () => {
          id = starter.table.claim(startedBy(starter));
          starter.table.identify(id, stage.identity(NO_THREAD, 3));
        },
        meanwhile: () => root.reaper.sweep(),
        check: () => {
          expect(root.table.isGone(id)).toBe(false);
          expect(root.table.isDead(id)).toBe(false);
        },
      };
    });
  });

  it("when a reaper is held up at any step until its victim's place has a new tenant", () => {
    let reused = 0;
    interruptEverywhere((): Scene => {
      const stage = new FamilyStage();
      const root = stage.join(process.pid);
      const slow = stage.join(process.ppid, 2);
      // The same starter claims the place again at once, as a pool does.
      const victim = root.table.claim(startedBy(root));
      root.table.identify(victim, stage.identity(NO_THREAD, 3));
      stage.dead.add(3);
      const object = createObject(root.arena, 'Test', 8);
      publishObject(root.arena, object);
      let references: References | undefined;
      let next = 0;
      return {
        action: () => slow.reaper.reap(victim),
        meanwhile: () => {
          root.reaper.reap(victim);
          next = root.table.claim(startedBy(root));
          root.table.identify(next, stage.identity(NO_THREAD, 4));
          if (next % MAX_AGENTS === victim % MAX_AGENTS) reused++;
          references = new References(root.arena, root.table, next);
          references.add(object);
        },
        check: () => {
          expect(root.table.isGone(next)).toBe(false);
          expect(root.table.isDead(next)).toBe(false);
          root.reaper.sweep();
          expect(root.table.isGone(next)).toBe(false);
          expect(stage.count(object)).toBe(1);
          expect(references).toBeDefined();
          // Its place is not given to another.
          const more = [1, 2, 3].map(() => root.table.claim(startedBy(root)));
          expect(more.map((id) => id % MAX_AGENTS)).not.toContain(next % MAX_AGENTS);
          expect(stage.lostPlaces(root.table)).toEqual([]);
        },
      };
    });
    expect(reused).toBeGreaterThan(1);
  });

  it('when a claimer is held up at any step while another agent joins, is reaped and joins again', () => {
    interruptEverywhere((): Scene => {
      const stage = new FamilyStage();
      const root = stage.join(process.pid);
      const ids: number[] = [];
      return {
        action: () => {
          ids.push(stage.join(process.ppid, 2).id);
        },
        meanwhile: () => {
          const first = stage.join(process.pid, 3);
          stage.kill(first);
          root.reaper.sweep();
          ids.push(stage.join(process.pid, 4).id, stage.join(process.pid, 5).id);
        },
        check: () => {
          expect(new Set(ids.map((id) => id % MAX_AGENTS)).size).toBe(3);
          expect(ids.filter((id) => root.table.isGone(id))).toEqual([]);
        },
      };
    });
  });

  it('when a place that was left half filled gets its tenant just before the claimer dies', () => {
    const stage = new FamilyStage();
    const root = stage.join(process.pid);
    const starter = stage.join(NO_THREAD, 2);
    const tenant = starter.table.claim(startedBy(starter));
    const place = tenant % MAX_AGENTS;
    const thread = spawn('sleep', ['60']).pid as number;
    // As it is just before the starter, whose thread this is, names the tenant.
    root.table.set(place, SLOT.CLAIM, FILLING | thread);
    root.table.set(place, SLOT.ID, 0);
    const read = fs.readFileSync;
    const whileLooking = vi.spyOn(fs, 'readFileSync').mockImplementationOnce(((...args) => {
      root.table.set(place, SLOT.ID, tenant);
      root.table.identify(tenant, stage.identity(NO_THREAD, 9));
      whileLooking.mockRestore();
      syncBuiltinESMExports();
      end(thread);
      return read(...args);
    }) as typeof read);
    syncBuiltinESMExports();
    const id = root.table.claim(startedBy(root));
    expect(id % MAX_AGENTS).not.toBe(place);
    expect(root.table.isGone(tenant)).toBe(false);
    expect(lookUp(thread, thread)).toBe('ended');
  });
});

/** Kills a process, and returns when the system calls it dead. */
function end(pid: number): void {
  process.kill(pid, 'SIGKILL');
  while (lookUp(pid, pid) !== 'ended');
}
