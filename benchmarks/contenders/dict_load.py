import multiprocessing
import time

from parameters import parameter

ENTRIES = parameter("entries", 1000)
TEXT = "x" * parameter("size", 1024)
ROUNDS = 8000
KEYS = [f"key-{(i * 7919) % ENTRIES}" for i in range(min(ENTRIES, 100_000))]


def key_at(i):
    return KEYS[i % len(KEYS)]


def get(dictionary, rounds, _value=1):
    for i in range(rounds):
        dictionary[key_at(i)]


def put(dictionary, rounds, value=1):
    for i in range(rounds):
        dictionary[key_at(i)] = value


def increment(dictionary, rounds, _value=1):
    for i in range(rounds):
        dictionary[key_at(i)] += 1


def iterate(dictionary, rounds, _value=1):
    """A round is an entry."""
    for _ in range(max(1, rounds // ENTRIES)):
        for _key, _item in dictionary.items():
            pass


def mix(dictionary, rounds, value=1):
    for i in range(rounds):
        if i % 10 == 0:
            dictionary[key_at(i)] = value
        else:
            dictionary[key_at(i)]


def make(manager, value=1):
    return manager.dict({f"key-{i}": value for i in range(ENTRIES)})


def measure(work, value=1, rounds=ROUNDS):
    """Prints nanoseconds a round."""
    with multiprocessing.get_context("spawn").Manager() as manager:
        dictionary = make(manager, value)
        work(dictionary, rounds, value)
        start = time.perf_counter()
        work(dictionary, rounds, value)
        print((time.perf_counter() - start) / rounds * 1e9)
