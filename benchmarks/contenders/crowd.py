"""Nanoseconds for one round of `work` when so many processes do it at the same time, all together."""

import multiprocessing
import time

import dict_load
from parameters import parameter


def hold(lock, rounds):
    for _ in range(rounds):
        lock.acquire()
        lock.release()


def own(_shared, rounds):
    hold(multiprocessing.get_context("spawn").Lock(), rounds)


def add(value, rounds):
    for _ in range(rounds):
        with value.get_lock():
            value.value += 1


def dictionary(_context, manager):
    return dict_load.make(manager)


AGENTS = parameter("agents", 2)
# What an agent does, what the agents share, how many rounds they work in all.
WORK = {
    "lock": (own, lambda context, _: None, 1_000_000),
    "lock-shared": (hold, lambda context, _: context.Lock(), 200_000),
    "semaphore": (hold, lambda context, _: context.Semaphore(AGENTS), 1_000_000),
    "value": (add, lambda context, _: context.Value("q"), 100_000),
    "dict-get": (dict_load.get, dictionary, 24_000),
    "dict-set": (dict_load.put, dictionary, 24_000),
    "dict-increment": (dict_load.increment, dictionary, 12_000),
    "dict-mix": (dict_load.mix, dictionary, 24_000),
}


def join(name, shared, rounds, ready, gate, done):
    work, _, _ = WORK[name]
    work(shared, -(-rounds // 4))
    ready.release()
    gate.acquire()
    work(shared, rounds)
    done.release()


if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    name = parameter("work", "lock")
    _, make, rounds = WORK[name]
    manager = context.Manager() if name.startswith("dict") else None
    shared = make(context, manager)
    ready, gate, done = (context.Semaphore(0) for _ in range(3))
    args = (name, shared, rounds // AGENTS, ready, gate, done)
    children = [context.Process(target=join, args=args) for _ in range(AGENTS)]
    for child in children:
        child.start()
    for _ in children:
        ready.acquire()
    start = time.perf_counter()
    for _ in children:
        gate.release()
    for _ in children:
        done.acquire()
    print((time.perf_counter() - start) / rounds * 1e9)
    for child in children:
        child.join()
